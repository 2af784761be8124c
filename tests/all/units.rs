//! People and units: groupings, successions, editable lists.

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use zhijie_tests::{Client, Database, Reply, zhijie};

use crate::district::{self, District, PASSWORD, activate, rules, some_response};

crate::on_both_databases!(
    units_are_made_grouped_and_moved,
    a_sheet_of_units_groups_them,
    a_merger_changes_no_past_figure,
    names_and_parts,
    an_import_is_not_undone_over_a_succession,
    a_part_of_the_district_has_its_limits,
    lists_are_edited,
);

/// The ids of the units by name; two offices of one name are not asked for here.
fn unit(district: &District, name: &str) -> String {
    let units = district.manager.get("/api/v1/units?left=true").expect(200);
    let found = units.body["items"].as_array().expect("units").iter().find(|unit| unit["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}"))["id"].as_str().expect("an id").to_owned()
}

fn detail(district: &District, id: &str) -> Reply {
    district.manager.get(&format!("/api/v1/units/{id}")).expect(200)
}

fn patch(client: &Client, id: &str, etag: &str, change: &Value) -> Reply {
    client.with_header("If-Match", etag).send("PATCH", &format!("/api/v1/units/{id}"), change)
}

fn names(client: &Client, path: &str) -> Vec<String> {
    let reply = client.get(path).expect(200);
    reply.body["items"].as_array().expect("a list").iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn reasons(reply: &Reply) -> String {
    reply.body["errors"].to_string()
}

/// Asks what a succession does, then does just that.
fn succeed(district: &District, request: &Value) -> Reply {
    let mut ask = request.clone();
    ask["dry_run"] = json!(true);
    let shown = district.manager.post("/api/v1/unit-successions", &ask).expect(200);
    assert!(shown.body["id"].is_null());
    let etag = shown.header("etag").expect("an etag").to_owned();
    let done = district.manager.with_header("If-Match", &etag).post("/api/v1/unit-successions", request).expect(201);
    for part in ["people", "records", "roles", "drafts"] {
        if part != "records" || request["kind"] != "split" {
            assert_eq!(done.body[part], shown.body[part], "what is done is what was shown: {part}");
        }
    }
    done
}

fn today() -> String {
    use app::clock::Clock as _;
    app::clock::day(app::clock::SystemClock::default().now()).to_string()
}

fn units_are_made_grouped_and_moved(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let made = manager
        .post(
            "/api/v1/units",
            &json!({ "name": "白鹭镇", "parent": district.top, "code": "Z9", "groups": [
            { "kind": "片区", "name": "西片" }, { "kind": "unit_type", "name": "乡镇" } ] }),
        )
        .expect(201);
    assert_eq!((made.text("kind"), made.text("code")), ("town", "Z9"));
    for (body, field) in [
        (json!({ "name": "白鹭镇", "parent": district.top }), "name"),
        (json!({ "name": "  ", "parent": district.top }), "name"),
        (json!({ "name": "甲局", "parent": district.top, "code": "Z9" }), "code"),
        (json!({ "name": "甲局", "parent": district.top, "kind": "planet" }), "kind"),
        (json!({ "name": "甲局", "parent": district.top, "groups": [{ "kind": "口", "name": "政法" }] }), "groups"),
        (json!({ "name": "甲局" }), "parent"),
        (json!({ "name": "甲局", "parent": district.top, "colour": "red" }), "colour"),
    ] {
        let refused = manager.post("/api/v1/units", &body).expect_problem(422, "invalid");
        assert_eq!(refused.body["errors"][0]["field"], field, "{}", refused.body);
    }
    manager.post("/api/v1/units", &json!({ "name": "甲局", "parent": "nowhere" })).expect_problem(404, "not-found");

    // Groups are edited with If-Match, and are those of the units below.
    let town = unit(&district, "青石镇");
    let change =
        json!({ "groups": [{ "kind": "area", "name": "东片" }, { "kind": "resident_group", "name": "第一派驻组" }] });
    manager.send("PATCH", &format!("/api/v1/units/{town}"), &change).expect_problem(428, "precondition-required");
    patch(manager, &town, "\"99\"", &change).expect_problem(412, "precondition-failed");
    let etag = detail(&district, &town).header("etag").expect("an etag").to_owned();
    let grouped = patch(manager, &town, &etag, &change).expect(200);
    assert_eq!(grouped.body["groups"][0], json!({ "kind": "派驻组", "slug": "resident_group", "name": "第一派驻组" }));
    patch(manager, &town, &etag, &change).expect_problem(412, "precondition-failed");
    let two = json!({ "groups": [{ "kind": "area", "name": "东片" }, { "kind": "area", "name": "西片" }] });
    let refused = patch(manager, &town, grouped.header("etag").expect("an etag"), &two).expect_problem(422, "invalid");
    assert!(reasons(&refused).contains("只能有一个片区"), "{}", refused.body);
    assert_eq!(names(manager, "/api/v1/units?group=area:东片"), ["青石镇", "双桥村"]);
    assert_eq!(names(manager, "/api/v1/people?group=片区:东片"), ["周九", "吴十", "郑一"]);
    assert_eq!(names(manager, "/api/v1/people?group=area:南片"), [""; 0]);
    manager.get("/api/v1/people?group=东片").expect_problem(422, "invalid");

    // A unit moves with everything below it, and never into itself.
    let (village, office) = (unit(&district, "双桥村"), unit(&district, "办公室"));
    let etag_of = |id: &str| detail(&district, id).header("etag").expect("an etag").to_owned();
    for (id, to, word) in
        [(&town, &village, "自己的上级"), (&town, &town, "自己的上级"), (&district.top, &town, "最上级")]
    {
        let refused = patch(manager, id, &etag_of(id), &json!({ "parent": to })).expect_problem(422, "invalid");
        assert!(reasons(&refused).contains(word), "{}", refused.body);
    }
    let etag = etag_of(&village);
    let move_it = json!({ "parent": made.text("id"), "reason": "区划调整" });
    patch(manager, &village, &etag, &json!({ "parent": made.text("id") })).expect_problem(422, "invalid");
    let dry = json!({ "parent": made.text("id"), "dry_run": true });
    let shown = patch(manager, &village, &etag, &dry).expect(200);
    assert_eq!((&shown.body["consequences"]["units"], &shown.body["consequences"]["people"]), (&json!(1), &json!(1)));
    assert_eq!(shown.text("parent"), town, "a dry run moves nothing");
    let moved = patch(manager, &village, &etag, &move_it).expect(200);
    assert_eq!(moved.text("parent"), made.text("id"));
    assert_eq!(names(manager, "/api/v1/people?group=area:西片"), ["郑一"]);
    let twin = manager.post("/api/v1/units", &json!({ "name": "办公室", "parent": town })).expect(201);
    let clash = json!({ "parent": unit(&district, "区财政局"), "reason": "合署" });
    let refused = patch(manager, twin.text("id"), "\"1\"", &clash).expect_problem(422, "invalid");
    assert!(reasons(&refused).contains("请先合并或更名"), "{}", refused.body);
    assert_ne!(office, twin.text("id"));
}

fn a_sheet_of_units_groups_them(database: &Database) {
    let district = district::start(database);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("单位表").expect("a name");
    let rows = [
        ["单位编码", "单位名称", "上级单位", "单位类型", "系统", "派驻组", "片区"],
        ["B1", "区财政局", "", "区直部门", "经济系统", "第一派驻组", ""],
        ["B7", "区审计局", "", "区直部门", "经济系统", "第一派驻组", ""],
        ["Z1", "青石镇", "", "乡镇", "", "", "东片"],
        ["Z1", "青石镇", "", "乡镇", "", "", "西片"],
        ["Z2", "长坪村", "长坪村", "", "", "", ""],
    ];
    for (row, cells) in (0_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, text).expect("written");
        }
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    let preview = district.manager.upload("/api/v1/imports", &[("kind", "people")], "单位.xlsx", &bytes).expect(201);
    let preview_of = &preview.body["preview"];
    assert_eq!(preview_of["units"], json!({ "new": 1, "renamed": 0, "left": 0, "regrouped": 2 }), "{preview_of}");
    let problems: Vec<&Value> =
        preview_of["problems"].as_array().expect("problems").iter().filter(|one| one["severity"] == "error").collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    let of_row = |row: u64| problems.iter().find(|one| one["row"] == row).unwrap_or_else(|| panic!("{problems:?}"));
    assert_eq!(
        (&of_row(5)["sheet"], &of_row(5)["field"], &of_row(5)["value"]),
        (&json!("单位表"), &json!("片区"), &json!("西片"))
    );
    assert!(of_row(5)["reason"].as_str().expect("a reason").contains("第 4 行写的是“东片”"));
    assert!(of_row(6)["reason"].as_str().expect("a reason").contains("自己的上级"));
    let id = preview.text("id").to_owned();
    district.manager.post(&format!("/api/v1/imports/{id}/commit"), &json!({})).expect(200);
    assert_eq!(names(&district.manager, "/api/v1/units?group=system:经济系统"), ["区财政局", "办公室", "区审计局"]);
    assert_eq!(names(&district.manager, "/api/v1/units?group=area:东片"), [""; 0], "a contradiction takes neither");
    district.manager.post(&format!("/api/v1/imports/{id}/undo"), &json!({})).expect(200);
    assert_eq!(names(&district.manager, "/api/v1/units?group=system:经济系统"), [""; 0]);
}

fn grant(database: &Database, login: &str, role: &str, unit: &str) {
    let granted = zhijie(database, &["account", "grant", login, role, "--scope", unit]);
    assert!(granted.status.success(), "{}", String::from_utf8_lossy(&granted.stderr));
}

/// A served district in which more accounts hold roles over the town.
fn with_watchers(database: &Database) -> (District, String, String) {
    drop(district::start(database));
    let store = storage::Store::open(&storage::DatabaseUrl::parse(database.url()).expect("a url")).expect("opens");
    let town = store.read(storage::organisation::units).expect("units").into_iter().find(|unit| unit.name == "青石镇");
    store.shut_down();
    // Its lock of the file goes with it.
    drop(store);
    let town = town.expect("the town").id;
    grant(database, "watcher", "supervisor", &town);
    grant(database, "2001", "unit_head", &town);
    let watcher_code = district::reset(database, "watcher");
    let head_code = district::reset(database, "2001");
    let server = zhijie_tests::Server::start(database, &[]);
    activate(&server, "watcher", &watcher_code);
    activate(&server, "2001", &head_code);
    let manager = server.sign_in("manager", PASSWORD);
    let units = manager.get("/api/v1/units").expect(200);
    let top = units.body["items"].as_array().expect("units").iter().find(|unit| unit["parent"].is_null());
    let top = top.expect("a top")["id"].as_str().expect("an id").to_owned();
    (District { server, manager, top }, town, watcher_code)
}

/// Everything that is told of a test by units.
fn figures(district: &District, exam: &str, units: &[&str]) -> Vec<Value> {
    let mut found = Vec::new();
    for unit in units {
        for what in ["progress", "missing", "results"] {
            let mut body = district.manager.get(&format!("/api/v1/units/{unit}/{what}?exam={exam}")).expect(200).body;
            if let Some(object) = body.as_object_mut() {
                object.remove("server_now");
            }
            found.push(body);
        }
    }
    found.push(district.manager.get(&format!("/api/v1/exams/{exam}/roster")).expect(200).body);
    found.push(district.manager.get(&format!("/api/v1/exams/{exam}")).expect(200).body["audience"].clone());
    found
}

fn a_merger_changes_no_past_figure(database: &Database) {
    let (district, town, _) = with_watchers(database);
    let manager = &district.manager;
    let (finance, village) = (unit(&district, "区财政局"), unit(&district, "双桥村"));
    let exam = district.publish(&rules(), -60, 3600, 1800);
    let head = district.server.sign_in("2001", PASSWORD);
    let started = head.post(&format!("/api/v1/exams/{exam}/attempts"), &json!({ "device": "phone" })).expect(201);
    let slot = &started.body["slots"][0];
    let phone = district.server.client().with_token(started.text("token"));
    let attempt = started.text("id").to_owned();
    let answer = json!({ "revision": 1, "response": some_response(slot) });
    phone.put(&format!("/api/v1/attempts/{attempt}/answers/1"), &answer).expect(200);
    phone.post(&format!("/api/v1/attempts/{attempt}/submission"), &json!({})).expect(201);
    let draft = json!({
        "title": "下一场", "kind": "test", "blueprint": "suce-20", "rules": rules(),
        "audience": { "units": [{ "unit": town, "subtree": true }] },
        "opens_at": "2027-01-01T09:00:00+08:00", "closes_at": "2027-01-02T09:00:00+08:00", "duration_seconds": 1800,
    });
    let next = manager.post("/api/v1/exams", &draft).expect(201).text("id").to_owned();
    let units = [district.top.as_str(), town.as_str(), finance.as_str(), village.as_str()];
    let before = figures(&district, &exam, &units);

    let merge = json!({ "kind": "merged", "units": [town], "into": finance, "since": today(), "reason": "机构改革" });
    manager.post("/api/v1/unit-successions", &merge).expect_problem(428, "precondition-required");
    let stale = manager.with_header("If-Match", "\"0123\"").post("/api/v1/unit-successions", &merge);
    stale.expect_problem(412, "precondition-failed");
    let mut silent = merge.clone();
    silent["reason"] = json!(" ");
    manager.post("/api/v1/unit-successions", &silent).expect_problem(422, "invalid");
    let done = succeed(&district, &merge);
    assert_eq!(done.body["people"], 2);
    assert_eq!(done.body["fixed_rosters"], 1);
    assert_eq!(done.body["drafts"][0]["title"], "下一场");
    let follows = |role: &str| {
        let roles = done.body["roles"].as_array().expect("roles");
        roles.iter().find(|one| one["role"] == role).unwrap_or_else(|| panic!("{roles:?}"))["follows"].clone()
    };
    assert_eq!((follows("supervisor"), follows("unit_head")), (json!(true), json!(false)));

    // People and the unit below are with the successor; what the old unit was stays to be seen.
    let path = format!("/api/v1/people?unit={finance}");
    assert_eq!(names(manager, &path), ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十", "郑一"]);
    assert_eq!(detail(&district, &village).text("parent"), finance);
    assert_eq!(detail(&district, &town).text("left_on"), today());
    let now = manager.get("/api/v1/units").expect(200);
    assert!(!now.body.to_string().contains("青石镇"), "a unit that has left is not offered");
    let history = manager.get("/api/v1/unit-successions").expect(200);
    let event = &history.body["items"][0];
    assert_eq!((&event["kind"], &event["reason"]), (&json!("merged"), &json!("机构改革")));
    assert_eq!((&event["records"][0]["from_name"], &event["records"][0]["people"]), (&json!("青石镇"), &json!(2)));

    // Past figures are what they were, with the names of then.
    assert_eq!(figures(&district, &exam, &units), before);
    let results = manager.get(&format!("/api/v1/units/{}/results?exam={exam}", district.top)).expect(200);
    assert!(results.body["rows"].to_string().contains("青石镇"), "{}", results.body);
    // The head goes on chasing the absent of the running test, and gets nobody else's people.
    let head = district.server.sign_in("2001", PASSWORD);
    assert_eq!(head.get("/api/v1/me").expect(200).body["person"]["unit_name"], "区财政局");
    let missing = head.get(&format!("/api/v1/units/{town}/missing?exam={exam}")).expect(200);
    assert_eq!(missing.body["items"].as_array().expect("people").len(), 2);
    head.get(&format!("/api/v1/units/{finance}/missing?exam={exam}")).expect_problem(404, "not-found");
    // Who watched over the town watches over where its people are.
    let watcher = district.server.sign_in("watcher", PASSWORD);
    assert!(names(&watcher, "/api/v1/units").contains(&"区财政局".to_owned()));

    // A unit that has left is in no new audience.
    let refused = manager.post("/api/v1/exams", &draft).expect_problem(422, "invalid");
    assert!(reasons(&refused).contains("“青石镇”已于"), "{}", refused.body);
    let refused = manager.post(&format!("/api/v1/exams/{next}/publication"), &json!({}));
    assert!(reasons(&refused.expect_problem(422, "invalid")).contains("请改选现在的单位"));
    for (method, path, body) in [
        ("POST", "/api/v1/units".to_owned(), json!({ "name": "新村", "parent": town })),
        ("PATCH", format!("/api/v1/units/{town}"), json!({ "code": "X" })),
        ("POST", "/api/v1/unit-successions".to_owned(), merge.clone()),
    ] {
        let etag = detail(&district, &town).header("etag").expect("an etag").to_owned();
        let refused = manager.with_header("If-Match", &etag).send(method, &path, &body).expect_problem(422, "invalid");
        assert!(reasons(&refused).contains("撤销"), "{method} {path}: {}", refused.body);
    }
    // A late roster under the old name goes to the successor, and says so.
    let late = "工号,姓名,单位\n2001,周九,青石镇\n2009,冯二,青石镇/双桥村\n";
    let preview = manager.upload("/api/v1/imports", &[("kind", "people")], "late.csv", late.as_bytes()).expect(201);
    let counts = &preview.body["preview"];
    assert_eq!((&counts["people"]["unchanged"], &counts["people"]["new"]), (&json!(1), &json!(1)), "{counts}");
    assert!(counts["problems"].to_string().contains("并入“区财政局”"), "{counts}");
    assert_eq!(counts["rows"][0]["unit"], "区财政局/双桥村");
}

fn names_and_parts(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let finance = unit(&district, "区财政局");
    let rename =
        json!({ "kind": "renamed", "unit": finance, "name": "区财政金融局", "since": "2026-01-01", "reason": "三定" });
    succeed(&district, &rename);
    let now = detail(&district, &finance);
    assert_eq!(now.text("name"), "区财政金融局", "the id is the same");
    assert_eq!(now.body["history"][0]["records"][0]["from_name"], "区财政局");
    assert_eq!(now.body["history"][0]["since"], "2026-01-01");
    let old_name = "工号,姓名,单位\n1009,冯二,区财政局\n";
    let preview = manager.upload("/api/v1/imports", &[("kind", "people")], "old.csv", old_name.as_bytes()).expect(201);
    assert_eq!(preview.body["preview"]["units"]["new"], 0, "{}", preview.body);
    assert!(preview.body["preview"]["problems"].to_string().contains("更名为“区财政金融局”"));

    let id_of = |key: &str| {
        let found = manager.get(&format!("/api/v1/people?query={key}")).expect(200);
        found.body["items"][0]["id"].as_str().expect("an id").to_owned()
    };
    let office = unit(&district, "办公室");
    let mut split = json!({
        "kind": "split", "unit": finance, "since": today(), "reason": "分设", "keep": true,
        "parts": [{ "unit": { "name": "区国资局" }, "people": [id_of("1001"), id_of("1005")], "units": [office] }],
    });
    let done = succeed(&district, &split);
    assert_eq!(done.body["people"], 2);
    let new = unit(&district, "区国资局");
    assert_eq!(names(manager, &format!("/api/v1/people?unit={new}")), ["张三", "王五", "赵六", "钱七"]);
    assert_eq!(names(manager, &format!("/api/v1/people?unit={finance}")), ["李四", "孙八"]);
    split["parts"][0]["unit"]["name"] = json!("区金融局");
    let ask = |body: &Value| {
        let mut body = body.clone();
        body["dry_run"] = json!(true);
        manager.post("/api/v1/unit-successions", &body)
    };
    assert!(reasons(&ask(&split).expect_problem(422, "invalid")).contains("本级"), "they are elsewhere by now");
    split["parts"] = json!([{ "unit": { "name": "甲局" }, "people": [id_of("1002")] }, { "unit": { "name": "乙局" } }]);
    split["keep"] = json!(false);
    assert!(reasons(&ask(&split).expect_problem(422, "invalid")).contains("还有 1 人、0 个下级单位"));
    split["parts"][1]["people"] = json!([id_of("1006")]);
    succeed(&district, &split);
    assert!(detail(&district, &finance).body["left_on"].is_string());
    for (body, word) in [
        (json!({ "kind": "renamed", "unit": new, "name": "丙局", "since": "2999-01-01" }), "还没到"),
        (json!({ "kind": "renamed", "unit": new, "name": "丙局", "since": "去年" }), "不是日期"),
        (json!({ "kind": "sunk", "since": today() }), "没有“sunk”这种沿革"),
        (json!({ "kind": "merged", "units": [new], "since": today() }), "两者选一"),
        (json!({ "kind": "renamed", "since": today(), "name": "丙局" }), "请选单位"),
    ] {
        let refused = ask(&body).expect_problem(422, "invalid");
        assert!(reasons(&refused).contains(word), "{}", refused.body);
    }
}

fn an_import_is_not_undone_over_a_succession(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let import = |text: &str| {
        let preview = manager.upload("/api/v1/imports", &[("kind", "people")], "x.csv", text.as_bytes()).expect(201);
        let id = preview.text("id").to_owned();
        manager.post(&format!("/api/v1/imports/{id}/commit"), &json!({})).expect(200);
        format!("/api/v1/imports/{id}/undo")
    };
    let undo = import("工号,姓名,单位,单位编码\n3001,冯二,区审计局,S1\n3002,褚三,区统计局,S2\n");
    let rename = json!({ "kind": "renamed", "unit": unit(&district, "区审计局"), "name": "区审计一局",
        "since": today(), "reason": "更名" });
    succeed(&district, &rename);
    let refused = manager.post(&undo, &json!({})).expect_problem(409, "conflict");
    assert!(refused.text("title").contains("区审计"), "{}", refused.body);
    assert_eq!(names(manager, "/api/v1/people?query=300"), ["冯二", "褚三"], "nothing was undone");

    let undo = import("工号,姓名,单位\n3003,卫四,区档案局\n");
    let merge = json!({ "kind": "merged", "units": [unit(&district, "区档案局")], "into": unit(&district, "区统计局"),
        "since": today(), "reason": "合并" });
    succeed(&district, &merge);
    manager.post(&undo, &json!({})).expect_problem(409, "conflict");

    // A roster that renames by code keeps the old name, and its own undo takes that back.
    let undo = import("工号,姓名,单位,单位编码\n3002,褚三,区统计调查局,S2\n");
    let id = unit(&district, "区统计调查局");
    assert_eq!(detail(&district, &id).body["history"][1]["records"][0]["from_name"], "区统计局");
    manager.post(&undo, &json!({})).expect(200);
    let back = detail(&district, &id);
    assert_eq!((back.text("name"), back.body["history"].as_array().expect("a history").len()), ("区统计局", 1));
}

/// A manager of one town changes its units, and nothing beyond them.
fn a_part_of_the_district_has_its_limits(database: &Database) {
    let (district, town, _) = with_watchers(database);
    let security_only = district.server.sign_in("watcher", PASSWORD);
    security_only.get(&format!("/api/v1/units/{town}")).expect_problem(403, "forbidden");
    drop(district);
    grant(database, "local", "manager", &town);
    let code = district::reset(database, "local");
    let server = zhijie_tests::Server::start(database, &[]);
    let local = activate(&server, "local", &code);
    let units = local.get("/api/v1/units").expect(200);
    let id = |name: &str| {
        let found = units.body["items"].as_array().expect("units").iter().find(|unit| unit["name"] == name);
        found.expect("the unit")["id"].as_str().expect("an id").to_owned()
    };
    let village = id("双桥村");
    let manager = server.sign_in("manager", PASSWORD);
    let all = manager.get("/api/v1/units").expect(200);
    let finance = all.body["items"].as_array().expect("units").iter().find(|unit| unit["name"] == "区财政局");
    let finance = finance.expect("the unit")["id"].as_str().expect("an id").to_owned();

    let made = local.post("/api/v1/units", &json!({ "name": "新民村", "parent": town })).expect(201);
    local.post("/api/v1/units", &json!({ "name": "甲局", "parent": finance })).expect_problem(404, "not-found");
    local.get(&format!("/api/v1/units/{finance}")).expect_problem(404, "not-found");
    patch(&local, &village, "\"1\"", &json!({ "parent": finance, "reason": "x" })).expect_problem(404, "not-found");
    patch(&local, &village, "\"1\"", &json!({ "parent": made.text("id"), "reason": "并村" })).expect(200);
    for body in [
        json!({ "kind": "merged", "units": [village], "into": finance, "since": today(), "dry_run": true }),
        json!({ "kind": "merged", "units": [finance], "into": village, "since": today(), "dry_run": true }),
        json!({ "kind": "split", "unit": town, "keep": true, "since": today(), "dry_run": true,
            "parts": [{ "unit": { "name": "甲镇" } }] }),
        json!({ "kind": "renamed", "unit": finance, "name": "x", "since": today(), "dry_run": true }),
    ] {
        local.post("/api/v1/unit-successions", &body).expect_problem(404, "not-found");
    }
    let merge =
        json!({ "kind": "merged", "units": [made.text("id")], "into": village, "since": today(), "dry_run": true });
    let refused = local.post("/api/v1/unit-successions", &merge).expect_problem(422, "invalid");
    assert!(reasons(&refused).contains("在它自己下面"), "{}", refused.body);
    let list = local.get("/api/v1/lists/rank").expect(200);
    let put = local.with_header("If-Match", "\"1\"").put("/api/v1/lists/rank", &json!({ "items": list.body["items"] }));
    put.expect_problem(403, "forbidden");
    assert!(local.get("/api/v1/unit-successions").expect(200).body["items"].as_array().expect("a list").is_empty());
}

fn put_list(client: &Client, list: &str, etag: &str, body: &Value) -> Reply {
    client.with_header("If-Match", etag).put(&format!("/api/v1/lists/{list}"), body)
}

fn lists_are_edited(database: &Database) {
    let district = district::start(database);
    let manager = &district.manager;
    let ranks = manager.get("/api/v1/lists/rank").expect(200);
    let etag = ranks.header("etag").expect("an etag").to_owned();
    let of = |slug: &str| ranks.body["items"].as_array().expect("entries").iter().position(|one| one["slug"] == slug);
    let clerk = of("yiji-keyuan").expect("the entry");
    assert_eq!(ranks.body["items"][clerk]["people"], 3);
    manager.put("/api/v1/lists/rank", &json!({ "items": [] })).expect_problem(428, "precondition-required");
    put_list(manager, "rank", "\"7\"", &json!({ "items": [] })).expect_problem(412, "precondition-failed");
    manager.get("/api/v1/lists/colours").expect_problem(404, "not-found");

    // What is in use cannot go, and is told by how many people.
    let mut without = ranks.body["items"].as_array().expect("entries").clone();
    without.remove(clerk);
    let refused = put_list(manager, "rank", &etag, &json!({ "items": without })).expect_problem(422, "invalid");
    assert!(reasons(&refused).contains("“一级科员”还有 3 人在用，不能删除"), "{}", refused.body);

    // A new entry with spellings, another name, another order, another group.
    let mut items = ranks.body["items"].as_array().expect("entries").clone();
    items[clerk]["title"] = json!("一级科员（新）");
    items[clerk]["group"] = json!("xiangkeji-fuzhi");
    items.insert(0, json!({ "title": "四级监察官", "spellings": ["监察官四级"], "group": "yiban-ganbu" }));
    let (a, b) = (clerk + 1, clerk + 2);
    items.swap(a, b);
    let mut ask = json!({ "items": items, "dry_run": true });
    let shown = put_list(manager, "rank", &etag, &ask).expect(200);
    let change = &shown.body["change"];
    assert_eq!((&change["added"], &change["reordered"]), (&json!(["四级监察官"]), &json!(true)), "{change}");
    assert_eq!(change["renamed"], json!([["一级科员", "一级科员（新）"]]));
    assert_eq!(
        (&change["regrouped"][0]["to_title"], &change["regrouped"][0]["people"]),
        (&json!("乡科级副职"), &json!(3))
    );
    assert_eq!(manager.get("/api/v1/lists/rank").expect(200).body["items"], ranks.body["items"], "nothing was done");
    ask["dry_run"] = json!(false);
    let saved = put_list(manager, "rank", &etag, &ask).expect(200);
    assert_eq!(saved.body["items"][0]["slug"], "si-ji-jian-cha-guan");
    put_list(manager, "rank", &etag, &ask).expect_problem(412, "precondition-failed");
    let people = manager.get("/api/v1/people?query=1003").expect(200);
    assert_eq!(people.body["items"][0]["group"], "xiangkeji-fuzhi");
    assert_eq!(people.body["items"][0]["rank_title"], "一级科员（新）");

    // The import reads by the stored list: the old name, the new spelling; unknown ones get the nearest.
    let roster = "工号,姓名,单位,职级\n1003,王五,区财政局/办公室,一级科员\n4001,冯二,区财政局,监察官四级\n\
                  4002,褚三,区财政局,四级监察\n";
    let preview = manager.upload("/api/v1/imports", &[("kind", "people")], "r.csv", roster.as_bytes()).expect(201);
    let found = &preview.body["preview"];
    assert_eq!((&found["people"]["new"], &found["people"]["unchanged"]), (&json!(2), &json!(1)), "{found}");
    let problems = found["problems"].as_array().expect("problems");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0]["reason"].as_str().expect("a reason").contains("相近的有：四级监察官"), "{problems:?}");
    let id = preview.text("id").to_owned();
    manager.post(&format!("/api/v1/imports/{id}/commit"), &json!({})).expect(200);
    let new = manager.get("/api/v1/people?query=4001").expect(200);
    assert_eq!(new.body["items"][0]["rank"], "si-ji-jian-cha-guan");

    // Retired: kept by who has it, given to nobody else; a group that is still named stays.
    let saved = manager.get("/api/v1/lists/rank").expect(200);
    let mut items = saved.body["items"].as_array().expect("entries").clone();
    items[0]["retired"] = json!(true);
    put_list(manager, "rank", saved.header("etag").expect("an etag"), &json!({ "items": items })).expect(200);
    let roster = "工号,姓名,单位,职级\n4001,冯二,区财政局,四级监察官\n4003,卫四,区财政局,四级监察官\n";
    let preview = manager.upload("/api/v1/imports", &[("kind", "people")], "r.csv", roster.as_bytes()).expect(201);
    assert!(preview.body["preview"]["problems"].to_string().contains("已停用"), "{}", preview.body);
    let groups = manager.get("/api/v1/lists/rank_group").expect(200);
    let mut items = groups.body["items"].as_array().expect("entries").clone();
    items.retain(|group| group["slug"] != "xiangkeji-fuzhi");
    let refused = put_list(manager, "rank_group", "\"1\"", &json!({ "items": items })).expect_problem(422, "invalid");
    assert!(reasons(&refused).contains("人在用"), "{}", refused.body);
    assert!(reasons(&refused).contains("还归入“乡科级副职”"), "{}", refused.body);
}
