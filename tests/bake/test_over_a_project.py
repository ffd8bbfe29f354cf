"""A bake over a project that is there already."""

from pathlib import Path

from tests.support.baking import run_cookiecutter


def test_baking_over_a_project_keeps_its_views_and_users(tmp_path: Path) -> None:
    assert run_cookiecutter(tmp_path).returncode == 0
    project = tmp_path / "streamlit_auth_app"
    for file in ("views/home.py", "seeds/users.json"):
        (project / file).write_text("mine", encoding="utf-8")
    (project / "app.py").unlink()
    result = run_cookiecutter(tmp_path, "--overwrite-if-exists", "--skip-if-file-exists")
    assert result.returncode == 0
    assert (project / "app.py").exists()
    assert (project / "views" / "home.py").read_text(encoding="utf-8") == "mine"
    assert (project / "seeds" / "users.json").read_text(encoding="utf-8") == "mine"
