//! The tables, one schema for both databases.

diesel::table! {
    units (id) {
        id -> Text,
        code -> Text,
        name -> Text,
        parent_id -> Nullable<Text>,
        kind -> Text,
        groups_json -> Text,
        position -> BigInt,
        left_on -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    unit_successions (id) {
        id -> Text,
        kind -> Text,
        from_unit_id -> Text,
        to_unit_id -> Text,
        since -> Text,
        event_id -> Text,
        from_name -> Text,
        to_name -> Text,
        people -> BigInt,
        reason -> Text,
        created_by -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    list_entries (list, slug) {
        list -> Text,
        slug -> Text,
        title -> Text,
        position -> BigInt,
        detail_json -> Text,
    }
}

diesel::table! {
    list_versions (list) {
        list -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    people (id) {
        id -> Text,
        person_key -> Text,
        name -> Text,
        unit_id -> Text,
        post_level -> Nullable<Text>,
        rank -> Nullable<Text>,
        rank_group -> Text,
        post -> Nullable<Text>,
        party -> Nullable<Text>,
        supervisee -> Nullable<Text>,
        born -> Nullable<Text>,
        phone -> Nullable<Text>,
        status -> Text,
        seconded_unit_id -> Nullable<Text>,
        id_last4 -> Nullable<Text>,
        left_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    imports (id) {
        id -> Text,
        kind -> Text,
        state -> Text,
        file_name -> Text,
        preview_json -> Text,
        plan_json -> Text,
        undo_json -> Nullable<Text>,
        created_by -> Text,
        created_at -> BigInt,
        committed_at -> Nullable<BigInt>,
        undone_at -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        login -> Text,
        name -> Text,
        person_id -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        state -> Text,
        credential_epoch -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    role_grants (account_id, role, unit_id) {
        account_id -> Text,
        role -> Text,
        unit_id -> Text,
    }
}

diesel::table! {
    activation_codes (account_id) {
        account_id -> Text,
        code_mac -> Text,
        issued_by -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        account_id -> Text,
        refresh_hash -> Text,
        previous_hash -> Nullable<Text>,
        rotated_at -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_failures (id) {
        id -> Text,
        subject -> Text,
        failed_at -> BigInt,
    }
}

diesel::table! {
    editions (id) {
        id -> Text,
        law -> Text,
        edition -> Text,
        register_json -> Text,
    }
}

diesel::table! {
    article_texts (edition_id, article_no) {
        edition_id -> Text,
        article_no -> Text,
        body -> Text,
    }
}

diesel::table! {
    gists (edition_id, article_no) {
        edition_id -> Text,
        article_no -> Text,
        body -> Text,
    }
}

diesel::table! {
    topics (slug) {
        slug -> Text,
        title -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    questions (question_ref, version) {
        question_ref -> Text,
        version -> BigInt,
        head -> Bool,
        state -> Text,
        kind -> Text,
        pool -> Text,
        law -> Text,
        level -> Text,
        stem -> Text,
        content_json -> Text,
        content_hash -> Text,
        created_at -> BigInt,
        topics_json -> Text,
        author -> Text,
        author_id -> Nullable<Text>,
        contributors_json -> Text,
        reviewer_id -> Nullable<Text>,
        gaps -> BigInt,
        unproven -> BigInt,
        import_id -> Nullable<Text>,
        edit -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    question_events (id) {
        id -> Text,
        question_ref -> Text,
        version -> BigInt,
        at -> BigInt,
        account_id -> Text,
        kind -> Text,
        comment -> Nullable<Text>,
    }
}

diesel::table! {
    blueprints (id) {
        id -> Text,
        title -> Text,
        content_json -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    papers (id) {
        id -> Text,
        blueprint_id -> Text,
        seed -> Text,
        law_date -> Text,
        content_json -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    exams (id) {
        id -> Text,
        title -> Text,
        kind -> Text,
        blueprint_id -> Nullable<Text>,
        paper_id -> Nullable<Text>,
        seed -> Text,
        rules_json -> Text,
        audience_json -> Text,
        opens_at -> BigInt,
        closes_at -> BigInt,
        duration_seconds -> BigInt,
        questions -> BigInt,
        marks_max_centi -> BigInt,
        state -> Text,
        reason -> Nullable<Text>,
        created_by -> Text,
        created_at -> BigInt,
        published_at -> Nullable<BigInt>,
        version -> BigInt,
        extended_seconds -> BigInt,
        answers_until -> BigInt,
        paused_at -> Nullable<BigInt>,
        scores_generation -> BigInt,
    }
}

diesel::table! {
    roster (exam_id, person_id) {
        exam_id -> Text,
        person_id -> Text,
        unit_id -> Text,
        unit_path -> Text,
        rank_group -> Text,
        groups_json -> Text,
        status -> Text,
        reason -> Nullable<Text>,
        entry_wave -> BigInt,
    }
}

diesel::table! {
    attempts (id) {
        id -> Text,
        exam_id -> Text,
        person_id -> Text,
        attempt_number -> BigInt,
        state -> Text,
        epoch -> BigInt,
        device -> Nullable<Text>,
        slots -> BigInt,
        paper_json -> Text,
        started_at -> BigInt,
        deadline -> BigInt,
        late_until -> BigInt,
        closed_at -> Nullable<BigInt>,
        voiding -> Nullable<Text>,
        receipt -> Nullable<Text>,
        receipt_json -> Nullable<Text>,
        answered -> Nullable<BigInt>,
        marks_centi -> Nullable<BigInt>,
        verdict -> Nullable<Text>,
        band -> Nullable<Text>,
        clause -> Nullable<Text>,
        marked_at -> Nullable<BigInt>,
        held_since -> Nullable<BigInt>,
        scores_generation -> BigInt,
    }
}

diesel::table! {
    attempt_steps (attempt_id, sequence) {
        attempt_id -> Text,
        sequence -> BigInt,
        kind -> Text,
        at -> BigInt,
        detail_json -> Text,
    }
}

diesel::table! {
    answers (attempt_id, slot) {
        attempt_id -> Text,
        slot -> BigInt,
        epoch -> BigInt,
        revision -> BigInt,
        response_json -> Text,
        answered_at -> Nullable<BigInt>,
        received_at -> BigInt,
        elapsed_ms -> Nullable<BigInt>,
        late -> Bool,
    }
}

diesel::table! {
    kept_answers (id) {
        id -> Text,
        attempt_id -> Text,
        slot -> BigInt,
        epoch -> BigInt,
        revision -> BigInt,
        response_json -> Text,
        answered_at -> Nullable<BigInt>,
        received_at -> BigInt,
        decision -> Nullable<Text>,
        decision_reason -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    slot_marks (attempt_id, slot) {
        attempt_id -> Text,
        slot -> BigInt,
        fraction_num -> BigInt,
        fraction_den -> BigInt,
        marks_centi -> BigInt,
    }
}

diesel::table! {
    announcements (id) {
        id -> Text,
        exam_id -> Text,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    acts (id) {
        id -> Text,
        at -> BigInt,
        actor -> Text,
        kind -> Text,
        subject -> Text,
        detail_json -> Text,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    report_jobs (id) {
        id -> Text,
        account_id -> Text,
        kind -> Text,
        scope_json -> Text,
        format -> Text,
        state -> Text,
        progress -> BigInt,
        file_name -> Nullable<Text>,
        failure -> Nullable<Text>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    idempotency_keys (account_id, idempotency_key) {
        account_id -> Text,
        idempotency_key -> Text,
        request_hash -> Text,
        status -> BigInt,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    extensions (id) {
        id -> Text,
        exam_id -> Text,
        scope -> Text,
        subject_id -> Nullable<Text>,
        seconds -> BigInt,
        attempts -> BigInt,
        lengthens -> Bool,
        reason -> Text,
        granted_by -> Text,
        granted_at -> BigInt,
    }
}

diesel::table! {
    pauses (id) {
        id -> Text,
        exam_id -> Text,
        reason -> Text,
        paused_by -> Text,
        paused_at -> BigInt,
        resumed_by -> Nullable<Text>,
        resumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    rulings (id) {
        id -> Text,
        exam_id -> Text,
        question_ref -> Text,
        version -> BigInt,
        item -> BigInt,
        ruling_json -> Text,
        reason -> Text,
        ruled_by -> Text,
        ruled_at -> BigInt,
    }
}

diesel::table! {
    score_runs (exam_id, generation) {
        exam_id -> Text,
        generation -> BigInt,
        reason -> Text,
        run_by -> Text,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        attempts -> BigInt,
        changed -> BigInt,
        to_passed -> BigInt,
        to_failed -> BigInt,
    }
}

diesel::table! {
    past_scores (attempt_id, sequence) {
        attempt_id -> Text,
        sequence -> BigInt,
        scores_generation -> BigInt,
        marks_centi -> BigInt,
        verdict -> Text,
        band -> Text,
        clause -> Text,
        marked_at -> BigInt,
        slots_json -> Text,
        reason -> Text,
        replaced_at -> BigInt,
    }
}

diesel::table! {
    past_receipts (receipt) {
        receipt -> Text,
        attempt_id -> Text,
        receipt_json -> Text,
        replaced_at -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> Text,
        person_id -> Text,
        exam_id -> Text,
        attempt_id -> Nullable<Text>,
        kind -> Text,
        body -> Text,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    nodes (id) {
        id -> Text,
        started_at -> BigInt,
        seen_at -> BigInt,
        saves -> BigInt,
        saves_per_second -> BigInt,
        answers_waiting -> BigInt,
        disk_free_bytes -> Nullable<BigInt>,
    }
}

diesel::table! {
    ledger_entries (sequence) {
        sequence -> BigInt,
        entry_text -> Text,
        hash -> Text,
    }
}

diesel::table! {
    ledger_heads (sequence) {
        sequence -> BigInt,
        head_text -> Text,
    }
}

diesel::table! {
    ledger_keys (key_id) {
        key_id -> Text,
        record_text -> Text,
    }
}

diesel::table! {
    seals (exam_id, generation) {
        exam_id -> Text,
        generation -> BigInt,
        scores_generation -> BigInt,
        manifest_text -> Text,
        sealed_at -> BigInt,
    }
}

diesel::table! {
    prepared_papers (exam_id, person_id) {
        exam_id -> Text,
        person_id -> Text,
        bank_revision -> Text,
        paper_json -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    units,
    unit_successions,
    list_entries,
    list_versions,
    people,
    imports,
    accounts,
    role_grants,
    activation_codes,
    sessions,
    sign_in_failures,
    editions,
    article_texts,
    gists,
    topics,
    questions,
    question_events,
    blueprints,
    papers,
    exams,
    roster,
    attempts,
    attempt_steps,
    answers,
    kept_answers,
    slot_marks,
    announcements,
    acts,
    report_jobs,
    idempotency_keys,
    settings,
    extensions,
    pauses,
    rulings,
    score_runs,
    past_scores,
    past_receipts,
    notices,
    nodes,
    ledger_entries,
    ledger_heads,
    ledger_keys,
    seals,
    prepared_papers,
);
