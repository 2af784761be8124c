//! The keys that sign heads: records of public keys, their rotation, and the signer.

use ed25519_dalek::Signer as _;
use serde::{Deserialize, Serialize};

use crate::canonical::{Detail, FormatTag, in_range, is_id, literal, text_of, value_of};
use crate::chain::Chain;
use crate::digest::{Digest, Domain, PublicKey, Signature};
use crate::entry::{Act, ActError, ActKind, ActorId, InstallationId, SubjectId};
use crate::head::Head;

/// The kind of the entry that announces a public key; its detail is the [`KeyRecord`].
pub const KEY_ANNOUNCED: &str = "ledger_key";

/// Characters of a key id.
const KEY_ID_CHARS: usize = 16;

ids::id_newtype! {
    /// Names a public key (公钥编号): the first 16 hexadecimal characters of SHA-256(`zhijie-ledger-1/key-id` ‖ 0 ‖ key).
    KeyId
}

impl KeyId {
    /// The id of a public key.
    pub fn of(public: &PublicKey) -> Self {
        let mut hex = Domain::KeyId.hash(public.as_bytes()).to_string();
        hex.truncate(KEY_ID_CHARS);
        Self::from(hex)
    }
}

/// When heads may be signed with a key (有效期), by the instant written in the head, in microseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// From this instant on.
    pub from_us: i64,
    /// Before this instant; open when absent. A later key ends it in any case.
    pub until_us: Option<i64>,
}

literal!(KeyTag, "key");

/// A public key as it is announced (公钥记录), signed by the key before it, the first by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    format: FormatTag,
    record: KeyTag,
    /// The installation whose heads it signs.
    pub installation: InstallationId,
    /// Its id, which follows from the key.
    pub key_id: KeyId,
    /// The key.
    pub public: PublicKey,
    /// First instant of a head that it may sign, in microseconds UTC.
    pub valid_from_us: i64,
    /// First instant of a head that it may no longer sign.
    pub valid_until_us: Option<i64>,
    /// The key that signed this record: the one before, or itself.
    pub introduced_by: KeyId,
    /// The signature over the record without this field.
    pub signature: Signature,
}

/// The fields of a key record that are signed.
#[derive(Serialize)]
struct UnsignedKey<'a> {
    format: FormatTag,
    record: KeyTag,
    installation: &'a InstallationId,
    key_id: &'a KeyId,
    public: &'a PublicKey,
    valid_from_us: i64,
    valid_until_us: Option<i64>,
    introduced_by: &'a KeyId,
}

impl UnsignedKey<'_> {
    fn message(&self) -> Vec<u8> {
        Domain::Key.message(&text_of(self))
    }
}

impl KeyRecord {
    fn unsigned(&self) -> UnsignedKey<'_> {
        UnsignedKey {
            format: FormatTag,
            record: KeyTag,
            installation: &self.installation,
            key_id: &self.key_id,
            public: &self.public,
            valid_from_us: self.valid_from_us,
            valid_until_us: self.valid_until_us,
            introduced_by: &self.introduced_by,
        }
    }

    /// Whether the key vouches for itself, as the first one does.
    pub fn is_own(&self) -> bool {
        self.introduced_by == self.key_id
    }

    /// The record's canonical text, to be hashed by whoever wants to compare it.
    pub fn text(&self) -> String {
        text_of(self)
    }

    /// What is wrong with the record, `introducer` being the key that is to have signed it (its own for the first).
    pub(crate) fn fault(&self, installation: &InstallationId, introducer: &KeyRecord) -> Option<&'static str> {
        let in_order = self.valid_until_us.is_none_or(|until| in_range(until) && self.valid_from_us < until);
        if &self.installation != installation {
            Some("属于另一套系统")
        } else if self.key_id != KeyId::of(&self.public) {
            Some("的编号与公钥不符")
        } else if !in_range(self.valid_from_us) || !in_order {
            Some("的有效期不对")
        } else if self.introduced_by != introducer.key_id {
            Some("不是由前一把公钥引入的")
        } else if !introducer.public.has_signed(&self.unsigned().message(), &self.signature) {
            Some("的引入签名不对，可能是伪造的")
        } else if !self.is_own() && !introducer.may_introduce_from(self.valid_from_us) {
            Some("是由已失效的公钥引入的")
        } else {
            None
        }
    }

    /// Whether a head of this instant may bear the key's signature.
    pub(crate) fn covers(&self, at_us: i64) -> bool {
        self.valid_from_us <= at_us && self.valid_until_us.is_none_or(|until| at_us < until)
    }

    /// Whether the next key may begin at this instant: no gap is left between the two.
    fn may_introduce_from(&self, at_us: i64) -> bool {
        self.valid_from_us <= at_us && self.valid_until_us.is_none_or(|until| at_us <= until)
    }

    /// The act that announces this key in the chain.
    ///
    /// # Errors
    /// When actor or instant cannot stand in an entry.
    pub fn act(&self, at_us: i64, actor: ActorId) -> Result<Act, ActError> {
        let detail = Detail::new(value_of(self))?;
        Act::new(at_us, actor, ActKind::from(KEY_ANNOUNCED), SubjectId::from(self.key_id.as_str()), detail)
    }

    /// The key that an entry's detail announces.
    pub(crate) fn of_detail(detail: &Detail) -> Option<Self> {
        let record: Self = serde_json::from_value(detail.value().clone()).ok()?;
        // A field that is absent where `null` should stand would otherwise read the same.
        (&value_of(&record) == detail.value()).then_some(record)
    }
}

/// Signs heads and introduces keys. Holds the secret; shows it nowhere.
pub struct HeadSigner {
    installation: InstallationId,
    key_id: KeyId,
    key: ed25519_dalek::SigningKey,
}

impl std::fmt::Debug for HeadSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeadSigner").field("installation", &self.installation).field("key_id", &self.key_id).finish()
    }
}

impl HeadSigner {
    /// The signer of a secret seed of 32 random bytes (RFC 8032, section 5.1.5).
    pub fn from_seed(installation: InstallationId, seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let key_id = KeyId::of(&PublicKey::from_bytes(key.verifying_key().to_bytes()));
        Self { installation, key_id, key }
    }

    /// The id of its public key.
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// Its public key.
    pub fn public(&self) -> PublicKey {
        PublicKey::from_bytes(self.key.verifying_key().to_bytes())
    }

    /// The record of this signer's own key, signed by itself: for the first key of an installation, and for a new
    /// start after a key was lost (then it is trusted only by who has it in the anchor).
    pub fn own_record(&self, validity: Validity) -> KeyRecord {
        self.introduce(self.public(), validity)
    }

    /// The record of the next key, signed by this one. From `validity.from_us` on, heads are the next key's to sign.
    pub fn introduce(&self, next: PublicKey, validity: Validity) -> KeyRecord {
        let key_id = KeyId::of(&next);
        let unsigned = UnsignedKey {
            format: FormatTag,
            record: KeyTag,
            installation: &self.installation,
            key_id: &key_id,
            public: &next,
            valid_from_us: validity.from_us,
            valid_until_us: validity.until_us,
            introduced_by: &self.key_id,
        };
        let signature = self.sign(&unsigned.message());
        KeyRecord {
            format: FormatTag,
            record: KeyTag,
            installation: self.installation.clone(),
            public: next,
            valid_from_us: validity.from_us,
            valid_until_us: validity.until_us,
            introduced_by: self.key_id.clone(),
            key_id,
            signature,
        }
    }

    /// Signs the end of a chain (签名头) at an instant in microseconds UTC. An empty chain has nothing to sign.
    pub fn sign_head(&self, chain: &Chain, at_us: i64) -> Option<Head> {
        (chain.sequence() > 0).then(|| self.sign_at(chain.sequence(), chain.hash(), at_us))
    }

    pub(crate) fn sign_at(&self, sequence: u64, hash: Digest, at_us: i64) -> Head {
        let message = Head::message(&self.installation, sequence, &hash, at_us, &self.key_id);
        Head::signed(&self.installation, sequence, hash, at_us, &self.key_id, self.sign(&message))
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.key.sign(message).to_bytes())
    }
}

/// Whether a list of keys holds together: the first signed by itself, each later one by the key before it, or by itself
/// where the list is the outside trust. Returns the number of the first that does not, from 1, and what is wrong.
pub(crate) fn first_bad_key(installation: &InstallationId, keys: &[KeyRecord]) -> Option<(usize, &'static str)> {
    let mut before: Option<&KeyRecord> = None;
    for (number, key) in (1..).zip(keys) {
        let introducer = if key.is_own() { key } else { before.unwrap_or(key) };
        if let Some(fault) = key.fault(installation, introducer) {
            return Some((number, fault));
        }
        if before.is_some_and(|before| key.valid_from_us < before.valid_from_us) {
            return Some((number, "的有效期早于前一把公钥"));
        }
        before = Some(key);
    }
    None
}

/// Whether ids of installations can stand in records.
pub(crate) fn is_installation(id: &InstallationId) -> bool {
    is_id(id.as_str())
}
