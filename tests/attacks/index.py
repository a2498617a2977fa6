"""The attacks on anonymous answers, A1 to A25, and the tests that try each. docs/privacy.md says the same in words.

A test of an attack is named after it, wherever it stands, such as ``test_a3_…`` or ``test_a16_and_a17_…``.
"""

from __future__ import annotations

ATTACKS: dict[str, tuple[str, ...]] = {
    "A1": (
        "tests/attacks/test_watching.py::test_a1_no_address_filters_and_no_difference_of_told_rows_is_about_fewer_than_k",
        "tests/psychometrics/attacks/test_differences.py::test_a1_no_difference_of_told_rows_is_about_fewer_than_k_people",
    ),
    "A2": (
        "tests/psychometrics/attacks/test_differences.py::test_a2_no_row_space_of_a_random_organization_determines_a_small_group",
        "tests/psychometrics/attacks/test_over_time.py::test_a2_four_who_changed_their_group_stay_open_between_two_reports",
        "tests/psychometrics/attacks/test_over_time.py::test_a2_who_left_a_small_group_stays_open_where_its_mean_was_drawn_into_another_level",
        "tests/psychometrics/attacks/test_over_time.py::test_a2_two_reports_with_movers_determine_nobody_even_if_all_answer_the_same",
        "tests/psychometrics/attacks/test_differences.py::test_a2_what_a_release_tells_leaves_everybody_and_every_small_group_open",
        "tests/psychometrics/attacks/test_differences.py::test_a2_the_one_person_who_skipped_a_dimension_does_not_stand_out_from_the_two_figures",
    ),
    "A3": ("tests/attacks/test_watching.py::test_a3_whoever_polls_every_page_sees_bands_of_days_and_no_result",),
    "A4": (
        "tests/attacks/test_watching.py::test_a4_nothing_that_happens_after_the_closing_changes_the_report",
        "tests/ballots/attacks/test_late.py::test_a4_late_answers_and_closing_again_leave_the_report_byte_for_byte",
    ),
    "A5": (
        "tests/psychometrics/attacks/test_collusion.py::test_a5_to_all_but_one_at_least_three_of_five_answers_of_the_last_remain_possible",
        "tests/psychometrics/attacks/test_collusion.py::test_a5_the_limit_all_others_who_retrace_every_rounding_may_be_left_with_one_answer",
    ),
    "A6": (
        "tests/psychometrics/attacks/test_ends_and_waves.py::test_a6_neither_unanimity_nor_an_empty_class_is_told",
        "tests/psychometrics/attacks/test_ends_and_waves.py::test_a6_a_wave_of_one_mind_looks_like_one_in_which_somebody_thinks_otherwise",
    ),
    "A7": (
        "tests/psychometrics/attacks/test_ends_and_waves.py::test_a7_a_trend_is_withheld_where_few_came_or_left",
        "tests/psychometrics/attacks/test_ends_and_waves.py::test_a7_a_trend_is_told_where_nobody_or_many_came",
        "tests/psychometrics/attacks/test_ends_and_waves.py::test_a7_as_many_who_came_as_left_withhold_the_trend_too",
        "tests/psychometrics/attacks/test_ends_and_waves.py::test_a7_one_more_person_invited_withholds_the_trend_too",
    ),
    "A8": ("tests/campaigns/test_opening.py::test_a8_nothing_that_was_promised_can_be_changed_after_the_opening",),
    "A9": (
        "tests/attacks/test_false_people.py::test_a9_false_accounts_make_no_group_of_one",
        "tests/campaigns/test_opening.py::test_a9_who_is_invited_is_fixed_at_the_opening",
    ),
    "A10": (
        "tests/ballots/attacks/test_order.py::test_a10_no_order_after_closing_tells_the_order_of_answering",
        "tests/ballots/attacks/test_order.py::test_a10_one_transaction_wrote_all_answers",
        "tests/ballots/attacks/test_order.py::test_a10_no_column_has_an_order_or_a_time_and_nothing_counts_up",
    ),
    "A11": ("tests/ballots/attacks/test_remnants.py::test_a11_no_ballot_no_key_and_no_seal_is_left_in_any_file",),
    "A12": (
        "tests/ballots/attacks/test_remnants.py::test_a12_backups_before_during_and_after_open_nothing_without_the_key",
    ),
    "A13": (
        "tests/ballots/attacks/test_remnants.py::test_a13_an_old_backup_brings_no_ballot_alive",
        "tests/ballots/attacks/test_remnants.py::test_a13_restoring_in_the_middle_of_a_wave_gives_nobody_two_answers",
        "tests/ballots/attacks/test_remnants.py::test_a13_sqlite_a_restored_file_is_closed_too",
    ),
    "A14": (
        "tests/attacks/test_silence.py::test_a14_no_log_of_a_whole_campaign_holds_a_code_a_key_an_answer_or_an_address",
        "tests/ballots/pages/test_line.py::test_a14_pages_with_answers_are_equally_long_whatever_was_answered",
        "tests/ballots/pages/test_line.py::test_a14_the_proxy_logs_nothing_of_answering",
        "tests/ballots/pages/test_logs.py::test_a14_no_log_holds_a_code_a_key_an_answer_or_an_address",
    ),
    "A15": (
        "tests/attacks/test_silence.py::test_a15_after_sending_no_text_of_a_mail_is_left_but_in_the_mails",
        "tests/campaigns/test_invitations.py::test_a15_after_sending_the_outbox_holds_no_text_and_only_counts",
    ),
    "A16": (
        "tests/attacks/test_silence.py::test_a16_a17_and_a25_answering_while_signed_in_touches_no_row_of_a_person",
        "tests/ballots/pages/test_nobody_asks.py::test_a16_and_a17_whoever_answers_while_signed_in_is_not_looked_up_and_leaves_no_trace",
    ),
    "A17": (
        "tests/attacks/test_silence.py::test_a16_a17_and_a25_answering_while_signed_in_touches_no_row_of_a_person",
        "tests/ballots/pages/test_nobody_asks.py::test_a16_and_a17_whoever_answers_while_signed_in_is_not_looked_up_and_leaves_no_trace",
    ),
    "A18": (
        "tests/ballots/attacks/test_reuse.py::test_a18_of_fifty_who_use_a_ballot_at_once_one_answers",
        "tests/ballots/attacks/test_reuse.py::test_a18_the_same_page_sent_by_fifty_threads_answers_once_and_all_get_the_receipt",
        "tests/ballots/attacks/test_reuse.py::test_a18_spent_guessed_and_foreign_codes_answer_nothing",
    ),
    "A19": ("tests/attacks/test_apart.py::test_a19_no_key_joins_a_person_with_an_answer",),
    "A20": (
        "tests/attacks/test_watching.py::test_a20_and_a24_no_source_paper_or_table_holds_a_row_of_one_person_or_a_true_figure",
        "tests/psychometrics/attacks/test_pseudonyms.py::test_a20_the_release_has_no_row_of_a_person",
        "tests/psychometrics/attacks/test_pseudonyms.py::test_a20_the_order_of_the_answers_is_nowhere_in_the_release",
    ),
    "A21": (
        "tests/attacks/test_apart.py::test_a21_there_is_no_field_for_words_and_no_column_that_would_keep_them",
        "tests/attacks/test_apart.py::test_a21_the_box_of_ideas_knows_neither_campaign_nor_group_nor_answer",
    ),
    "A22": (
        "tests/ballots/attacks/test_reuse.py::test_a22_every_refusal_has_the_same_words",
        "tests/ballots/attacks/test_reuse.py::test_a22_the_first_page_looks_the_same_for_spent_unspent_and_unknown_codes",
        "tests/ballots/attacks/test_reuse.py::test_a22_the_time_of_a_refusal_does_not_tell_a_spent_code_from_an_unknown_one",
    ),
    "A23": ("tests/ballots/attacks/test_kill.py::test_a23_closing_that_is_killed_anywhere_ends_the_same",),
    "A24": (
        "tests/attacks/test_watching.py::test_a20_and_a24_no_source_paper_or_table_holds_a_row_of_one_person_or_a_true_figure",
        "tests/psychometrics/attacks/test_pseudonyms.py::test_a24_the_json_holds_the_fields_of_the_records_and_no_other",
        "tests/psychometrics/attacks/test_pseudonyms.py::test_a24_no_number_of_people_is_exact_but_those_declared_before_opening",
        "tests/psychometrics/attacks/test_pseudonyms.py::test_a24_no_raw_figure_stands_in_the_json",
    ),
    "A25": (
        "tests/attacks/test_silence.py::test_a16_a17_and_a25_answering_while_signed_in_touches_no_row_of_a_person",
        "tests/ballots/attacks/test_remnants.py::test_a25_two_snapshots_of_an_open_wave_tell_a_group_and_no_more",
        "tests/ballots/attacks/test_remnants.py::test_a25_after_closing_no_snapshot_shares_a_value_with_one_from_before",
    ),
}
