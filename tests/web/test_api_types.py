"""The pages' types are those of the API's own document."""

from pathlib import Path

import build_frontend

from tests.end_to_end.running import Server

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "frontend" / "src" / "api" / "schema.ts"
OPTIONS = ("--root-types", "--root-types-no-schema-prefix", "--immutable", "--alphabetize")


def test_the_pages_types_are_up_to_date(tmp_path: Path):
    with Server(tmp_path) as server:
        document = server.get("/api/openapi.json")
    (tmp_path / "openapi.json").write_bytes(document.content)
    build_frontend.install(ROOT)
    build_frontend.run(
        ROOT,
        [
            "node_modules/openapi-typescript/bin/cli.js",
            str(tmp_path / "openapi.json"),
            *OPTIONS,
            "-o",
            str(tmp_path / "schema.ts"),
        ],
        what="The types could not be made from the API's document.",
        do="Look at what openapi-typescript says.",
    )
    made = (tmp_path / "schema.ts").read_text()
    assert made == TYPES.read_text(), "run `npm run api-types` in frontend/ beside `make up`"
