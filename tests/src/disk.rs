//! Small disks that a test can fill.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::postgres::is_root;

/// Set where disks may be mounted.
const MARK: &str = "ZHIJIE_TEST_DISKS";

/// Runs a test where it may mount disks that nobody else sees and that go with it, however it ends: the test program is
/// started again for this test alone, in a mount namespace of its own. `name` is the test's full name.
///
/// # Panics
/// When the system allows no such namespace.
pub fn with_disks(name: &str, test: impl FnOnce()) {
    if std::env::var_os(MARK).is_some() {
        return test();
    }
    // Without being root, as root of a user namespace.
    let namespaces: &[&str] = if is_root() { &["--mount"] } else { &["--mount", "--map-root-user"] };
    let allowed = Command::new("unshare").args(namespaces).arg("true").output().expect("unshare (util-linux)");
    assert!(
        allowed.status.success(),
        "this test mounts a small disk, which needs root with CAP_SYS_ADMIN, or user namespaces: {}",
        String::from_utf8_lossy(&allowed.stderr)
    );
    let outcome = Command::new("unshare")
        .args(namespaces)
        .arg(std::env::current_exe().expect("a program"))
        .args(["--exact", name, "--nocapture"])
        .env(MARK, "yes")
        .output()
        .expect("the test program starts");
    let text = format!("{}{}", String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    println!("{text}");
    assert!(outcome.status.success(), "{}", outcome.status);
    assert!(text.contains("1 passed"), "the test has another name than {name}");
}

/// A file system in memory, of a size that can be changed. Only within [`with_disks`].
pub struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// An empty one of so many MiB.
    pub fn new(mebibytes: u64) -> Self {
        let folder = TempDir::with_prefix("zhijie-disk").expect("a temporary folder");
        let this = Self { folder };
        this.mount(&format!("size={mebibytes}m"), false);
        std::fs::set_permissions(this.path(), PermissionsExt::from_mode(0o755)).expect("mode");
        this
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves so many MiB free.
    pub fn shrink(&self, free_mebibytes: u64) {
        let output = Command::new("df").args(["-k", "--output=used"]).arg(self.path()).output().expect("df runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let used: u64 = text.lines().last().and_then(|line| line.trim().parse().ok()).expect("a number");
        self.mount(&format!("size={}k", used + free_mebibytes * 1024), true);
    }

    /// Fills it to the last page.
    pub fn fill(&self) {
        let mut file = File::create(self.ballast()).expect("a file");
        for block in [vec![1; 1 << 20], vec![1; 1 << 12]] {
            loop {
                match file.write(&block) {
                    Ok(1..) => {}
                    Ok(0) => panic!("nothing written"),
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => panic!("{error}"),
                }
            }
        }
    }

    /// Takes away what [`SmallDisk::fill`] wrote.
    pub fn free(&self) {
        std::fs::remove_file(self.ballast()).expect("gone");
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    fn mount(&self, size: &str, again: bool) {
        let options = if again { format!("remount,{size}") } else { size.to_owned() };
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "zhijie-disk"])
            .arg(self.path())
            .output()
            .expect("mount");
        assert!(mounted.status.success(), "{}", String::from_utf8_lossy(&mounted.stderr));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Now, so that the folder can go; whoever still writes there loses it with the namespace.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}
