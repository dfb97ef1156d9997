"""Each threat of docs/threat-model.md, and the tests that show its control.

A row that is added there is added here with its test; a test that is renamed or removed is
missed here. What the tests do is theirs: they stand with the parts that they are about.
"""

import re
from functools import cache

import pytest

from tests.docs.repository import ROOT

PAGE = ROOT / "docs" / "threat-model.md"
SHOWN: dict[str, tuple[str, ...]] = {
    "an answer that is kept for an idempotency key is read by another caller, or from the database": (
        "gateway/test_once.py::test_another_caller_has_another_key",
        "gateway/test_once.py::test_a_key_that_opens_nothing_is_given_no_kept_answer",
        "gateway/test_once.py::test_what_is_kept_tells_nothing_without_the_callers_key",
    ),
    "a document that is translated gives the model orders, harms whoever opens it, or its translation poses as a person's": (
        "translation/test_translating.py::test_what_reads_like_an_order_to_the_model_is_material",
        "translation/test_usecases.py::test_what_cannot_be_translated_is_refused_in_words",
        "translation/test_usecases.py::test_it_is_nobody_elses",
        "translation/test_word.py::test_the_notice_stands_at_the_end_and_among_the_properties",
    ),
    "a call passes by the decision": (
        "gateway/test_serving.py::test_an_allowed_call_is_journalled_sent_once_and_concluded",
        "gateway/test_operations.py::test_a_barred_model_embeds_nothing_and_no_other_model_takes_its_place",
    ),
    "an order takes effect between decision and sending": (
        "gateway/test_serving.py::test_an_order_that_comes_between_the_decision_and_the_write_bites",
        "gateway/test_in_flight.py::test_an_order_cuts_an_answer_on_its_way_only_if_it_says_so",
    ),
    "a new name reaches a barred maker": (
        "orders/test_decide.py::test_a_prohibition_on_a_maker_reaches_every_route_of_its_models_and_their_derivatives",
    ),
    "a permit outweighs a prohibition": (
        "orders/test_decide.py::test_what_is_unknown_of_a_call_is_in_reach_of_a_prohibition_and_not_of_a_permit",
    ),
    "an office acts beyond its authority": (
        "orders/test_authority.py::test_regulated_bodies_and_services_of_others_are_beyond_an_issuer",
        "orders/test_authority.py::test_a_freeing_act_needs_a_second_officer_who_reads_as_another",
        "orders/test_authority.py::test_a_freeing_act_needs_its_source",
    ),
    "an officer confirms something else than was seen": (
        "orders/test_proposals.py::test_the_preview_of_what_was_entered_is_of_how_it_was_entered",
        "orders/test_proposals.py::test_what_the_play_issued_meanwhile_overtakes_the_entry",
    ),
    "calls fall between an order and the memo": (
        "orders/test_proposals.py::test_what_it_rests_on_is_issued_with_it_in_one_ruleset",
    ),
    "passwords are guessed": (
        "identity/test_passwords.py::test_without_a_hash_the_same_work_is_done_and_nothing_opens",
        "identity/test_sessions.py::test_unknown_login_wrong_password_and_disabled_account_are_answered_alike",
        "identity/test_sessions.py::test_tries_at_the_same_moment_cannot_outrun_the_limit",
    ),
    "a session is stolen or planted": (
        "identity/test_sessions.py::test_a_token_finds_the_account_and_is_not_kept",
        "identity/test_sessions.py::test_a_token_from_outside_is_never_taken_over",
        "web/test_session.py::test_the_cookie_is_kept_from_scripts_and_other_sites",
    ),
    "a sign-in with the provider is forged": (
        "identity/sign_on/test_tokens.py::test_a_claim_that_is_not_for_this_sign_in_refuses_it",
        "identity/sign_on/test_tokens.py::test_what_many_know_or_nothing_signs_for_nobody",
        "identity/sign_on/test_flow.py::test_another_browsers_or_an_old_sign_in_is_refused",
        "end_to_end/test_sign_on.py::test_what_came_back_is_good_once_and_in_this_browser_alone",
    ),
    "a sign-in leads to another site": (
        "end_to_end/test_sign_on.py::test_no_address_from_outside_is_followed",
        "identity/sign_on/test_flow.py::test_metadata_that_cannot_be_trusted_begins_nothing",
        "upstream/test_identity_provider.py::test_an_address_inside_is_asked_only_where_it_is_declared",
        "upstream/test_identity_provider.py::test_a_redirect_is_not_followed",
    ),
    "whoever gets a name at the provider": (
        "identity/sign_on/test_admitting.py::test_no_account_is_taken_over_by_its_login",
        "identity/sign_on/test_admitting.py::test_groups_that_open_nothing_make_none_and_shut_one",
        "identity/test_groups.py::test_the_first_party_in_the_files_order_and_its_roles_alone",
    ),
    "a provisioning token is guessed": (
        "identity/provisioning/test_tokens.py::test_a_token_lets_in_until_it_is_revoked_and_is_kept_nowhere",
        "end_to_end/test_provisioning.py::test_only_a_token_that_stands_lets_in",
    ),
    "who left still gets in": (
        "identity/provisioning/test_office.py::test_a_person_who_loses_every_group_or_is_deactivated_has_no_session_any_more",
        "identity/test_accounts.py::test_a_removed_account_keeps_its_id_and_nothing_else_of_the_person",
        "storage/test_belongings.py::test_what_a_person_has_goes_and_what_is_the_partys_or_anothers_stays",
    ),
    "another site acts with a person's session": (
        "web/test_roles.py::test_each_act_wants_the_sessions_token_and_the_pages_own_origin",
    ),
    "one person reads another's conversation": (
        "chat/test_usecases.py::test_a_conversation_is_its_owners_alone",
    ),
    "a share shows more than was meant": (
        "chat/test_sharing.py::test_others_of_the_party_read_up_to_the_turn_and_nothing_said_later",
        "chat/test_sharing.py::test_its_owner_alone_ends_it_at_once_and_takes_that_back",
    ),
    "what was to be temporary stays": (
        "chat/test_temporary.py::test_at_its_time_it_goes_and_not_before",
        "chat/test_temporary.py::test_under_a_hold_none_begins_and_those_there_are_are_kept",
    ),
    "a program, or whoever has its key, spends": (
        "metering/test_meter.py::test_a_route_without_a_price_is_refused_where_money_is_counted",
        "metering/test_meter.py::test_processes_together_never_exceed_a_limit_by_more_than_one_reserve",
    ),
    "an evidence pack leaves out a call": (
        "evidence/test_mutations.py::test_whoever_holds_the_key_and_signs_anew_is_caught",
    ),
    "earlier text reaches a vendor": (
        "chat/test_context.py::test_a_fresh_start_hides_what_came_before_it",
    ),
    "traffic returns by itself": (
        "orders/test_return.py::test_what_was_refused_is_held_until_it_is_released",
    ),
    "an announcement or rumour becomes an order": (
        "orders/test_decide.py::test_an_announcement_never_binds",
    ),
    "keys are guessed": (
        "identity/test_keys.py::test_a_new_key_has_its_form_and_only_its_digest_is_kept",
        "identity/test_keys.py::test_an_unknown_prefix_compares_digests_all_the_same",
        "identity/test_secret.py::test_no_way_of_showing_a_secret_shows_its_text",
        "web/test_roles.py::test_each_route_of_the_gateway_wants_a_key",
    ),
    "a vendor's stored key is read": (
        "identity/test_sealing.py::test_what_is_moved_to_another_place_does_not_open_there",
        "end_to_end/test_secrets.py::test_a_stored_credential_is_used_at_once_and_stands_nowhere",
    ),
    "a vendor's key leaks in an error": (
        "upstream/test_http_upstream.py::test_a_redirect_is_not_followed",
        "end_to_end/test_secrets.py::test_nothing_secret_is_logged_or_kept",
    ),
    "a call leaves and is not on record": (
        "gateway/test_journal.py::test_a_call_is_on_file_before_and_after",
        "gateway/test_journal.py::test_a_full_disk_stops_calls_and_tears_nothing",
        "end_to_end/test_running.py::test_killed_in_mid_stream_it_loses_nothing",
    ),
    "a call is taken out of the record": (
        "ledger/test_numbering.py::test_a_missing_call_of_a_start_that_ended_is_a_fault",
    ),
    "an entry is altered, removed or reordered": (
        "ledger/test_ledger_append.py::test_an_altered_tree_is_never_signed",
        "end_to_end/test_running.py::test_a_flipped_bit_of_any_entry_is_found",
    ),
    "the ledger is cut back to an earlier state": (
        "wiring/test_vouching.py::test_a_restored_older_state_is_told_by_witnesses_and_cannot_pass_for_the_newest",
        "ledger/test_witnessing.py::test_a_fork_is_signed_by_no_witness_twice_and_caught_between_two",
        "ledger/test_time_stamps.py::test_one_of_something_else_or_below_another_root_does_not_hold",
    ),
    "a witness is made to sign": (
        "ledger/test_witnessing.py::test_what_it_cannot_put_on_the_disk_it_does_not_sign",
        "ledger/test_witnessing.py::test_a_witness_that_was_started_anew_remembers",
        "ledger/test_witnessing.py::test_two_ledgers_of_one_name_cannot_be_watched",
    ),
    "a backup is altered or cut short": (
        "storage/test_archive.py::test_a_byte_changed_anywhere",
        "storage/test_archive.py::test_cut_short_anywhere",
    ),
    "contents leak through logs": (
        "end_to_end/test_secrets.py::test_nothing_secret_is_logged_or_kept",
    ),
    "the gateway, or a webhook, is made to send": (
        "upstream/test_inside.py::test_a_call_to_a_name_that_leads_inside_does_not_leave",
        "upstream/test_inside.py::test_a_name_is_looked_up_once_for_a_connection_which_goes_to_what_was_checked",
        "upstream/test_inside.py::test_a_stored_credential_for_an_address_inside_is_refused_unless_declared",
        "messages/test_messages.py::test_a_webhooks_name_is_looked_up_once_and_what_was_checked_is_called",
    ),
    "a program calls a vendor past the gateway": (
        "deploy/test_chart.py::test_the_gateway_is_the_only_way_out_of_the_namespaces_that_are_named",
    ),
    "a route is forgotten": (
        "web/test_roles.py::test_each_route_lets_in_its_roles_and_nobody_else",
        "web/test_roles.py::test_what_is_open_to_everybody_is_what_is_written_down",
    ),
    "a request is read in two ways": (
        "web/test_bounded.py::test_what_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read",
    ),
    "a client holds memory or connections": (
        "web/test_bounded.py::test_a_head_that_is_too_large_is_refused",
        "web/test_bounded.py::test_a_client_that_drips_is_sent_away",
    ),
    "settings that cannot be used": (
        "wiring/test_settings.py::test_a_wrong_secret_is_told_without_its_text",
        "wiring/test_settings.py::test_a_secret_in_a_file_that_every_account_may_read_is_refused",
        "wiring/test_reloading.py::test_a_fault_changes_nothing",
        "end_to_end/test_settings.py::test_nothing_is_opened_where_settings_are_wrong",
    ),
    "hostile bytes": (
        "end_to_end/test_bad_requests.py::test_what_cannot_be_read_is_400_and_says_where",
        "end_to_end/test_bad_requests.py::test_an_oversized_body_is_413",
        "upstream/test_http_upstream.py::test_an_answer_that_is_no_stream_may_not_outgrow_its_bound",
        "web/test_api.py::test_step_5_the_body_is_json_of_its_type_and_not_too_long",
    ),
    "a hostile document": (
        "intake/formats/test_any_bytes.py::test_any_bytes",
        "intake/formats/test_any_bytes.py::test_a_part_of_a_word_document_that_was_changed",
    ),
    "a hostile file of conversations": (
        "chat/imports/test_containers.py::test_the_limits_are_said",
        "chat/imports/test_containers.py::test_any_alteration_is_read_or_refused_in_words",
    ),
    "an exported answer reaches beyond its place": (
        "chat/exports/test_markdown.py::test_an_answer_cannot_reach_beyond_its_end",
    ),
    "a model that is asked about a document": (
        "intake/test_suggesting.py::test_any_answer_gives_exact_quotes_or_nothing",
    ),
    "a file that somebody attaches": (
        "chat/test_grounding.py::test_a_passage_cannot_end_its_element_nor_title_the_conversation",
        "documents/test_library.py::test_nobody_sees_anothers_files",
    ),
    "a collection is read or changed by whom it is not open to": (
        "documents/test_collecting.py::test_a_collection_is_read_in_its_party_and_changed_by_its_owner",
        "documents/test_collecting.py::test_who_lost_access_is_told_so_by_the_name_that_they_knew",
        "chat/test_withholding.py::test_passages_of_a_barred_class_stay_away_and_the_answer_says_so",
        "chat/test_withholding.py::test_an_answer_given_of_it_carries_its_class_on",
        "orders/test_content.py::test_the_strictest_of_the_classes_decides",
    ),
    "a picture aims at whoever decodes it": (
        "documents/test_picturing.py::test_what_a_camera_adds_stays_here_and_turns_the_picture",
        "documents/test_picturing.py::test_a_picture_that_would_fill_the_memory_is_refused",
        "documents/test_picturing.py::test_a_damaged_picture_is_refused",
    ),
    "YAML that means something else": (
        "basics/test_yaml_source.py::test_what_is_not_read_is_refused_where_it_stands",
    ),
    "script injected into pages": (
        "web/test_frontend_build.py::test_builds_pages_that_a_strict_policy_can_serve",
        "web/test_api.py::test_every_answer_keeps_out_of_caches_and_frames",
    ),
    "an answer is lost": (
        "chat/test_log.py::test_any_interleaving_of_readers_and_storing_gives_exactly_the_text",
    ),
    "a package of the build is replaced": (
        "web/test_frontend_build.py::test_versions_are_exact",
        "supply/test_sbom.py::test_the_pages_packages_are_those_that_are_shipped",
    ),
    "a demonstration passes for the real thing": (
        "end_to_end/test_running.py::test_a_folder_is_a_demonstration_or_production_and_stays_it",
    ),
}


def _rows() -> list[list[str]]:
    table = PAGE.read_text().partition("| threat | control | where |")[2].partition("\n\n")[0]
    return [
        [cell.strip() for cell in row.strip("|").split(" | ")] for row in table.splitlines()[2:]
    ]


@cache
def _tests(file: str) -> frozenset[str]:
    return frozenset(
        re.findall(r"^ *(?:async )?def (test_\w+)", (ROOT / file).read_text(), re.MULTILINE)
    )


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0][:40])
def test_each_threat_has_a_test_and_its_control_stands_where_it_is_said_to(row: list[str]):
    threat, _, where = row
    assert "`" in where
    [begins] = [each for each in SHOWN if threat.startswith(each)]
    for named in SHOWN[begins]:
        file, _, test = named.partition("::")
        assert test in _tests(f"tests/{file}"), named
    for path in re.findall(r"`([\w/.-]+[/.][\w/.-]*)`", where):
        places = (ROOT / path, ROOT / "src" / "changeover" / path)
        assert any(place.exists() for place in places), path


def test_no_test_is_named_for_a_threat_that_is_not_told():
    told = [row[0] for row in _rows()]
    assert [begins for begins in SHOWN if not any(each.startswith(begins) for each in told)] == []
