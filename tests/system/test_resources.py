"""What certainly does not fit, in memory or on disk, is refused."""

import os
import re
from functools import partial

import pytest

from fastw2v.corpus import Limits, read_corpus
from fastw2v.errors import ResourceError
from fastw2v.system import resources
from fastw2v.system.resources import check_disk, check_memory, format_bytes
from fastw2v.training import text as training_text
from tests.support.commands import error_line, run_command, succeeded


class TestMemory:
    def test_too_little_memory_is_an_error_of_one_line(self, monkeypatch):
        monkeypatch.setattr(resources, "free_memory", lambda: 3_250_000_000)
        with pytest.raises(ResourceError) as caught:
            check_memory(12_345_678_901)
        line = str(caught.value)
        assert "\n" not in line
        for part in ("12.3 GB", "3.2 GB", "size", "min_count", "max_vocab", "force=True"):
            assert part in line

    def test_enough_memory_is_accepted(self, monkeypatch):
        monkeypatch.setattr(resources, "free_memory", lambda: 3_250_000_000)
        check_memory(3_500_000_000)  # estimates are not that sharp

    def test_unknown_free_memory_refuses_nothing(self, monkeypatch):
        monkeypatch.setattr(resources, "free_memory", lambda: None)
        check_memory(10**18)


class TestDisk:
    def test_files_on_one_disk_are_added_up(self, tmp_path, monkeypatch):
        monkeypatch.setattr(resources, "_free_disk", lambda folder: 5_000_000)
        files = [(tmp_path / "v.bin", 3_000_000), (tmp_path / "v.checkpoint", 2_900_000)]
        check_disk(files[:1])
        check_disk(files[1:])
        with pytest.raises(ResourceError) as caught:
            check_disk(files)
        line = str(caught.value)
        folder = os.path.realpath(tmp_path)
        assert line.startswith(f"{folder}: not enough disk space: about 5.9 MB will be written")
        assert "\n" not in line
        for part in ("5.0 MB are free", "size", "force=True"):
            assert part in line

    def test_the_free_space_of_a_real_disk_is_read(self, tmp_path):
        check_disk([(tmp_path / "v.bin", 1)])
        with pytest.raises(ResourceError, match="TB will be written"):
            check_disk([(tmp_path / "v.bin", 10**17)])

    def test_a_link_is_followed(self, tmp_path, monkeypatch):
        asked = []
        monkeypatch.setattr(resources, "_free_disk", asked.append)
        (tmp_path / "other").mkdir()
        (tmp_path / "v.bin").symlink_to(tmp_path / "other" / "real.bin")
        check_disk([(tmp_path / "v.bin", 10**17)])
        assert asked == [os.path.realpath(tmp_path / "other")]

    def test_devices_and_missing_folders_are_not_checked(self, tmp_path):
        check_disk([(os.devnull, 10**17), (tmp_path / "missing" / "v.bin", 10**17)])

    def test_a_file_system_that_reports_no_sizes_is_not_refused(self, tmp_path, monkeypatch):
        class Nothing:
            total = used = free = 0

        monkeypatch.setattr(resources.shutil, "disk_usage", lambda folder: Nothing)
        check_disk([(tmp_path / "v.bin", 10**17)])


def test_bytes_are_formatted_with_units():
    shown = [format_bytes(count) for count in (999, 1_000, 1_234_567, 2 * 10**9, 3_456_789 * 10**9)]
    assert shown == ["999 bytes", "1.0 KB", "1.2 MB", "2.0 GB", "3,456.8 TB"]


class TestIds:
    """Ids of a long text go to a temporary file; its size is checked beforehand."""

    @pytest.fixture
    def text(self, tmp_path):
        path = tmp_path / "text"
        path.write_bytes(b"a b c d e f g h i j\n" * 3_000)  # 33,000 ids
        return path

    def test_too_little_disk_space_is_refused_early(self, text, monkeypatch):
        monkeypatch.setattr(resources, "_free_disk", lambda folder: 50_000)
        limits = Limits(block_bytes=1_000, memory_bytes=20_000)
        with pytest.raises(ResourceError) as caught:
            read_corpus(text, min_count=1, limits=limits)
        line = str(caught.value)
        # Of 132 KB, forecast from a sixth of the text; what is read ahead is not counted yet.
        assert 90 < float(re.search(r"about ([0-9.]+) KB", line)[1]) < 135
        assert "KB will be written, 50.0 KB are free: set TMPDIR" in line
        forced = read_corpus(text, min_count=1, limits=limits._replace(refuse=False))
        assert len(forced.ids) == 33_000

    def test_enough_disk_space_is_accepted(self, text, monkeypatch):
        monkeypatch.setattr(resources, "_free_disk", lambda folder: 200_000)
        limits = Limits(block_bytes=1_000, memory_bytes=20_000)
        assert len(read_corpus(text, min_count=1, limits=limits).ids) == 33_000

    def test_force_overrides_the_check(self, text, tmp_path, monkeypatch):
        monkeypatch.setattr(training_text, "Limits", partial(Limits, 1_000, 20_000))
        monkeypatch.setattr(resources, "_free_disk", lambda folder: 50_000)
        command = ("train", text, "-o", tmp_path / "v.bin", "--min-count", 1, "--epochs", 1)
        line = error_line(run_command(*command))
        assert "set TMPDIR" in line
        assert "--force" in line
        succeeded(*command, "--force")
