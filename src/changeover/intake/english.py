"""English words, by what they do."""

from changeover.intake.lexicon import Form, Lexicon, Op, compile_lexicon, english_forms

_VERBS = {
    Op.COMMAND: "ensure order direct instruct require command mandate compel oblige",
    Op.TELL: "tell ask",
    Op.CEASE: "stop cease end halt discontinue terminate abandon drop remove get_rid_of"
    " rid_itself_of disconnect disable dump uninstall purge eliminate withdraw sever cut ditch"
    " put_an_end_to bring_to_an_end bring_to_a_close do_away_with shut_off switch_off turn_off"
    " part_ways_with give_up destroy close pull pull_the_plug_on scrap decommission delete retire"
    " sunset desist_from take_offline take_out_of_service take_out_of_use",
    Op.GRADUAL: "phase wind_down taper",
    Op.BAN: "ban bar prohibit forbid blacklist exclude outlaw block disallow debar proscribe"
    " preclude freeze prevent refrain enjoin restrain",
    Op.SUSPEND: "postpone defer suspend stay pause put_on_hold put_on_ice",
    Op.USE: "enter_into make_use_of have_recourse_to avail_itself_of use employ deploy procure buy"
    " purchase adopt rely_on acquire operate access work_with do_business contract_with install"
    " license keep_using run_on run serve provide power",
    Op.PERMIT: "sign_off sign_off_on give_the_go_ahead make_available entitle permit allow"
    " authorise authorize approve clear admit let renew",
    Op.RESUME: "resume reinstate restore bring_back return_to reopen reactivate re_enable",
    Op.RESCIND: "rescind revoke lift repeal cancel annul overturn reverse vacate void nullify quash"
    " dissolve throw_out strike_down toss_out set_aside overrule cease_to_have_effect"
    " cease_to_apply cease_to_be_in_force",
    Op.WAIVE: "release_from waive exempt relieve excuse",
    Op.DESIGNATE: "designate label classify brand",
    Op.DECLARE: "enter list declare place add_to list_as enter_on put_on deem determine identify",
    Op.APPLY: "apply bind",
    Op.SWITCH: "switch move migrate change replace swap transition shift convert",
    Op.SPEECH: "say write add note explain affirm claim insist indicate post argue acknowledge warn"
    " state specify stress maintain describe",
    Op.ANNOUNCE: "announce unveil disclose decide",
    Op.REPORT: "report reveal",
    Op.CONFIRM: "confirm",
    Op.DENY: "deny dispute refute contradict",
    Op.VERIFY: "verify corroborate",
    Op.RESPOND: "respond reply answer comment",
    Op.SEEN: "see review obtain view",
    Op.CITING: "cite quote",
    Op.IRREALIS: "purport allege consider weigh mull threaten want urge press seek hope propose"
    " expect contemplate debate study pressure discuss recommend fear fail advise demand call_for"
    " push_for think believe try wonder suggest predict invite move_that request_that",
    Op.INTEND: "promise pledge vow undertake plan intend prepare",
    Op.REFUSE: "refuse decline reject",
    Op.BE: "be",
    Op.HAVE: "have",
    Op.DO: "do",
    Op.BEGIN: "go_on carry_on keep_on decide begin start continue proceed need",
    Op.ISSUE: "grant issue sign publish impose enact adopt_a place slap give",
    Op.OTHER_VERB: "go remain become make take follow come meet know mean reach take_place summon"
    " convene enter render deliver hand_down hold show praise welcome criticise criticize sue"
    " receive set work stand call agree build launch keep put get pass talk argue_over lose gain"
    " face fall rise help",
}

_WORDS = {
    Op.COMMAND: "order directive instruction mandate edict decree",
    Op.CEASE: "end withdrawal removal termination cessation discontinuation",
    Op.BAN: "ban bans prohibition prohibitions bar moratorium embargo restriction restrictions"
    " exclusion blacklist block freeze",
    Op.SUSPEND: "suspension stay pause",
    Op.USE: "use uses usage deployment access procurement adoption purchase purchases ties links"
    " business dealings reliance work workloads",
    Op.PERMIT: "permission authorisation authorization approval licence clearance admission",
    Op.RESUME: "return restoration reinstatement",
    Op.RESCIND: "rescission revocation repeal",
    Op.WAIVE: "waiver waivers exemption exemptions derogation dispensation notwithstanding"
    " exceptionally by_way_of_exception by_way_of_derogation",
    Op.SWITCH: "switch move migration replacement",
    Op.GRADUAL: "phase_out phaseout phased gradually progressively wind_down transition_period"
    " grace_period",
    Op.AGREEMENT: "agreement deal contract accord",
    Op.INSTRUMENT: "order orders directive memo memorandum decree ruling decision designation rule"
    " measure measures sanction sanctions injunction policy direction directions circular"
    " regulation determination bulletin",
    Op.RISK: "concern risk risks threat danger",
    Op.COMMENT: "comment comments",
    Op.ACCORDING: "according_to",
    Op.CITING: "citing",
    Op.NOT: "not never n_t don_t doesn_t didn_t isn_t aren_t wasn_t weren_t hasn_t haven_t hadn_t"
    " is_not_to are_not_to won_t wouldn_t cannot can_t couldn_t mustn_t neither nor without",
    Op.NO_MORE: "no_longer not_any_longer",
    Op.NO: "no none nobody neither",
    Op.BE: "is are was were been being am",
    Op.HAVE: "has have had",
    Op.DO: "does did",
    Op.MAY: "may can",
    Op.MUST: "must shall is_to are_to is_not_to are_not_to",
    Op.WILL: "will would going_to about_to set_to ll",
    Op.MIGHT: "might could should",
    Op.TO: "to",
    Op.AND: "and or",
    Op.AFTER: "after following pursuant_to in_line_with in_accordance_with under implementing"
    " in_response_to complying_with to_comply_with in_compliance_with",
    Op.WHILE: "while whereas although though but because when once since as before",
    Op.IF: "if unless whether insofar_as in_so_far_as to_the_extent_that",
    Op.THAT: "that",
    Op.WHO: "who which whose where whereby",
    Op.BY: "by",
    Op.FROM: "from instead_of in_place_of rather_than and_not no_longer_on",
    Op.INTO: "in_favour_of in_favor_of to with into",
    Op.INCLUDING: "including included such_as",
    Op.OTHER: "other others another remaining",
    Op.DETERMINER: "as_regards as_to the a an all any this these those some every each of in on for"
    " no new further",
    Op.POSSESSIVE: "its their his her our my your s",
    Op.PRONOUN: "it he she they we i",
    Op.PERSON: "spokesperson spokesman spokeswoman spokespeople official officials executive"
    " executives source sources lawyer lawyers adviser advisers employee employees person people"
    " chief head officer staff",
    Op.VENDOR: "applicant claimant plaintiff petitioner appellee company startup start_up vendor"
    " supplier firm lab laboratory developer maker",
    Op.PARTY: "department agency ministry office bureau organisation organization administration",
    Op.MEDIA: "newspaper report article outlet news_agency magazine",
    Op.PAPER: "list lists register registers catalogue note notes memo memorandum letter email"
    " e_mail document notice statement post message filing",
    Op.NETWORK: "network networks enclave",
    Op.TALK: "talks talk negotiations negotiation discussions discussion meeting meetings dispute"
    " lawsuit standoff investigation probe inquiry review relationship",
    Op.PRODUCT: "product products technology technologies model models tool tools service services"
    " system systems software platform chatbot assistant application applications app apps"
    " subscription subscriptions account accounts",
    Op.AGAIN: "again once_more",
    Op.FOR_NOW: "for_now for_the_moment for_the_time_being provisionally temporarily until_further",
}

_NOUNS = frozenset(
    {
        Op.COMMAND, Op.CEASE, Op.BAN, Op.SUSPEND, Op.USE, Op.PERMIT, Op.RESUME, Op.RESCIND,
        Op.WAIVE, Op.SWITCH, Op.AGREEMENT, Op.INSTRUMENT, Op.RISK, Op.COMMENT, Op.PERSON,
        Op.VENDOR, Op.PARTY, Op.MEDIA, Op.PAPER, Op.NETWORK, Op.TALK, Op.PRODUCT,
    }
)  # fmt: skip

_IRREGULAR = {
    "throw": ("threw", "thrown"), "strike": ("struck", ""), "tell": ("told", ""),
    "get": ("got", "gotten"), "withdraw": ("withdrew", "withdrawn"),
    "cut": ("cut", ""), "put": ("put", ""), "do": ("did", "done"), "shut": ("shut", ""),
    "give": ("gave", "given"), "wind": ("wound", ""), "forbid": ("forbade", "forbidden"),
    "freeze": ("froze", "frozen"), "buy": ("bought", ""), "keep": ("kept", ""),
    "run": ("ran", "run"), "let": ("let", ""), "bring": ("brought", ""), "say": ("said", ""),
    "write": ("wrote", "written"), "see": ("saw", "seen"), "seek": ("sought", ""),
    "think": ("thought", ""), "be": ("was", "been"), "have": ("had", ""), "go": ("went", "gone"),
    "begin": ("began", "begun"), "become": ("became", "become"), "make": ("made", ""),
    "take": ("took", "taken"), "come": ("came", "come"), "meet": ("met", ""),
    "know": ("knew", "known"), "mean": ("meant", ""), "hold": ("held", ""),
    "show": ("showed", "shown"), "set": ("set", ""), "stand": ("stood", ""),
    "build": ("built", ""), "bind": ("bound", ""), "rid": ("rid", ""),
}  # fmt: skip
_DOUBLED = frozenset(
    [
        "stop",
        "drop",
        "cut",
        "get",
        "put",
        "shut",
        "ban",
        "bar",
        "debar",
        "swap",
        "plan",
        "run",
        "begin",
        "let",
        "rid",
        "set",
        "forbid",
        "admit",
        "permit",
        "label",
    ]
)


def _conjugations() -> dict[str, list[tuple[str, Form]]]:
    heads = {lemma.split("_")[0] for lemmas in _VERBS.values() for lemma in lemmas.split()}
    return {
        head: list(english_forms(head + "*" * (head in _DOUBLED), *_IRREGULAR.get(head, ("", ""))))
        for head in sorted(heads)
    }


ENGLISH: Lexicon = compile_lexicon(_VERBS, _WORDS, _NOUNS, _conjugations())
