"""What a file that replaces another keeps of it besides its name: owner, group, permissions and
access control list, as far as the system allows. What is lost is said in a warning."""

import errno
import os
import stat
import warnings
from contextlib import suppress
from pathlib import Path

from fastw2v.system.posix import set_mode

_LIST = "system.posix_acl_access"  # an extended attribute of Linux
_NO_LISTS = {errno.ENODATA, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}


class ReplacedFileWarning(UserWarning):
    """A file that was replaced had an owner or an access control list that the new one has not."""


def keep_attributes(old: Path, new: int) -> None:
    """Give the file that will replace ``old`` what it had. Raises OSError if even its permissions
    cannot be set.

    new: a descriptor. Through its path somebody else who may write to the folder could make root
    give another file away.
    """
    before = os.stat(old)
    lost = [] if _keep_owner(before, new) else [f"owner ({_name_of(before)})"]
    set_mode(new, stat.S_IMODE(before.st_mode) & ~(stat.S_ISUID | stat.S_ISGID))
    if not _keep_list(old, new):
        lost.append("access control list")
    if lost:
        warnings.warn(
            f"{old}: is replaced by a new file, which does not have the {' and '.join(lost)} of "
            "the old one",
            ReplacedFileWarning,
            stacklevel=3,
        )


def _keep_owner(before: os.stat_result, new: int) -> bool:
    """Change the owner, or at least the group, to that of the old file."""
    if not hasattr(os, "fchown"):
        return True
    now = os.fstat(new)
    if (now.st_uid, now.st_gid) == (before.st_uid, before.st_gid):
        return True
    try:
        os.fchown(new, before.st_uid, before.st_gid)
        return True
    except OSError:
        with suppress(OSError):
            os.fchown(new, -1, before.st_gid)
    now = os.fstat(new)
    return (now.st_uid, now.st_gid) == (before.st_uid, before.st_gid)


def _keep_list(old: Path, new: int) -> bool:
    if not hasattr(os, "getxattr"):
        return True
    try:
        found = os.getxattr(old, _LIST)
    except OSError as error:
        return error.errno in _NO_LISTS
    try:
        os.setxattr(new, _LIST, found)
    except OSError:
        return False
    return True


def _name_of(status: os.stat_result) -> str:
    """User and group by name, or by number if they have none."""
    import grp
    import pwd

    user, group = str(status.st_uid), str(status.st_gid)
    with suppress(KeyError):
        user = pwd.getpwuid(status.st_uid).pw_name
    with suppress(KeyError):
        group = grp.getgrgid(status.st_gid).gr_name
    return f"{user}:{group}"
