/* What keys lead to: intents, what is left in the line, hints and effects. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/editor.h"
#include "client/model/speech.h"
#include "tests/unit/lobby.h"

static const struct {
    const char *keys;
    const char *intents;
    const char *draft; /* what is left in the line that is typed on */
    const char *hint;  /* a part of it, "" for none */
} entered[] = {
    {"hello<Enter>", "SAY #lobby [hello]", "", ""},
    {"  two  blanks <Enter>", "SAY #lobby [  two  blanks ]", "", ""},
    {"<Enter>", "", "", ""},
    {"one<M-Enter><M-Enter>two<Enter>", "SAY #lobby [one]; SAY #lobby [two]", "", ""},
    {"<M-Enter><Enter>", "", "\n", ""},
    {"/nick eve<Enter>", "NICK [eve]", "", ""},
    {"/NICK eve<Enter>", "NICK [eve]", "", ""},
    {"/nick  eve <Enter>", "NICK [eve]", "", ""},
    {"/nick  eve<Enter>", "NICK [eve]", "", ""},
    {"/join #tea<Enter>", "JOIN #tea", "", ""},
    {"/join tea key<Enter>", "JOIN #tea [key]", "", ""},
    {"/join<Enter>", "JOIN #lobby", "", ""},
    {"<M-1>/join<Enter>", "", "/join", "say which one you mean"},
    {"/part<Enter>", "PART #lobby", "", ""},
    {"/part bye all<Enter>", "PART #lobby [bye all]", "", ""},
    {"/part #tea bye all<Enter>", "PART #tea [bye all]", "", ""},
    {"/msg bob hi  there<Enter>", "SAY bob [hi  there]", "", ""},
    {"/query bob hi  there<Enter>so<Enter>", "SAY bob [hi  there]; SAY bob [so]", "", ""},
    {"/ignore bob joins<Enter>", "", "/ignore bob joins", "a nick is one word"},
    {"/msg #lobby hi<Enter>", "SAY #lobby [hi]", "", ""},
    {"/me waves<Enter>", "ACTION #lobby [waves]", "", ""},
    {"/topic<Enter>", "TOPIC #lobby", "", ""},
    {"/topic a new one<Enter>", "TOPIC #lobby [a new one]", "", ""},
    {"/topic -<Enter>", "TOPIC #lobby []", "", ""},
    {"/names<Enter>", "NAMES #lobby", "", ""},
    {"/names #tea<Enter>", "NAMES #tea", "", ""},
    {"/quote WHOIS bob<Enter>", "RAW [WHOIS bob]", "", ""},
    {"/quit so long<Enter>", "QUIT [so long]", "", ""},
    /* As they are called elsewhere. */
    {"/raw LUSERS<Enter>/J tea<Enter>/leave<Enter>", "RAW [LUSERS]; JOIN #tea; PART #tea", "", ""},
    {"/wi bob<Enter>/exit<Enter>", "WHOIS bob; QUIT", "", ""},
    {"/q bob<Enter>hi<Enter>/win 2<Enter>hi<Enter>", "SAY bob [hi]; SAY #lobby [hi]", "", ""},
    {"/m b<Tab>hi<Enter>/help wc<Enter>", "SAY bob [hi]", "", ""},
    {"/raw OPER root pw<Enter><Up>", "RAW [OPER root pw]", "", ""},
    {"/help<Enter>/help join<Enter>/clear<Enter>", "", "", ""},
    /* Speech that begins with a slash. */
    {"//nick is a command<Enter>", "SAY #lobby [/nick is a command]", "", ""},
    {"//x<Enter>", "SAY #lobby [/x]", "", ""},
    {"/etc/passwd is a path<Enter>", "SAY #lobby [/etc/passwd is a path]", "", ""},
    {"//etc/passwd<Enter>", "SAY #lobby [//etc/passwd]", "", ""},
    {"// a comment<Enter>", "SAY #lobby [// a comment]", "", ""},
    {"//<Enter>", "SAY #lobby [/]", "", ""},
    {"/ a slash<Enter>", "SAY #lobby [/ a slash]", "", ""},
    {"  //nick x<Enter>", "SAY #lobby [  /nick x]", "", ""},
    {"code:<M-Enter>/quit<Enter>", "SAY #lobby [code:]; SAY #lobby [/quit]", "", ""},
    /* What is refused stays. */
    {"/nikc eve<Enter>", "", "/nikc eve", "did you mean /nick?"},
    {"/qzxw<Enter>", "", "/qzxw", "no command /qzxw"},
    {"/<Enter>", "", "/", "no command /: /help shows all; // says it"},
    {"/  <Enter>", "", "/  ", "no command /: "},
    {" /<Enter>", "", " /", "remove the blank"},
    {"/<M-Enter>x<Enter>", "SAY #lobby [/]; SAY #lobby [x]", "", ""},
    {" /nick eve<Enter>", "", " /nick eve", "remove the blank"},
    {"/nick<Enter>", "", "/nick", "usage: /nick NICK"},
    {"/msg bob <Enter>", "", "/msg bob ", "usage: /msg"},
    {"/stats u<Enter>", "", "/stats u", "no command /stats: see /help; /quote stats asks"},
    {"/connect irc.lab<Enter>", "", "/connect irc.lab", "run another snug HOST"},
    {"/cycle<Enter>", "", "/cycle", "no command /cycle: /part, then /join"},
    {"/clear all<Enter>", "", "/clear all", "usage: /clear"},
    {"/me a<M-Enter>b<Enter>", "", "/me a\nb", "a command is one line"},
    {"/buffer nowhere<Enter>", "", "/buffer nowhere", "no buffer nowhere"},
    {"/buffer lob<Enter>hi<Enter>", "SAY #lobby [hi]", "", ""},
    {"<M-1>/buffer LOBBY<Enter>hi<Enter>", "SAY #lobby [hi]", "", ""},
    {"<M-1>/buffer bby<Enter>hi<Enter>", "SAY #lobby [hi]", "", ""},
    {"<M-1>/buffer 2<Enter>hi<Enter>", "SAY #lobby [hi]", "", ""},
    {"/query bob<Enter>/buffer lab.l<Enter>/buffer lo<Enter>hi<Enter>", "SAY #lobby [hi]", "", ""},
    {"/query lobo<Enter>/buffer lo<Enter>", "", "/buffer lo", "which one: #lobby, lobo?"},
    {"/query bob<Enter>/buffer o<Enter>", "", "/buffer o", "which one: lab.local, #lobby, bob?"},
    {"/buffer<Enter>", "", "", "/buffer 2"},
    {"/window list<Enter>", "", "", "/buffer 2"},
    {"/help nothing<Enter>", "", "/help nothing", "no command /nothing"},
    {"/help /nothing<Enter>", "", "/help /nothing", "no command /nothing: /help shows all"},
    {"/nick eve adams<Enter>", "", "/nick eve adams", "a nick is one word"},
    {"/buffer la<Tab><Enter>/buffer #l<Tab><Enter>hi<Enter>", "SAY #lobby [hi]", "", ""},
    {"/query b<Tab><Enter>hi<Enter>", "SAY bob [hi]", "", ""},
    {"/help to<Tab><Enter>", "", "", ""},
    {"/op<Enter>", "", "/op", "usage: /op NICK"},
    {"/oper root<Enter>", "", "/oper root", "usage: /oper NAME PASSWORD"},
    {"/ope root<Enter>", "", "/ope root", "did you mean /op"},
    {"/j<Tab>", "", "/join ", ""},
    {"<M-1>hello<Enter>", "", "hello", "nobody listens here"},
    {"<M-1>/topic x<Enter>", "", "/topic x", "this is not a room"},
    {"<M-1>/close<Enter>", "", "/close", "cannot be closed"},
    {"<M-9>", "", "", "there are 2 buffers: /buffer lists them"},
    {"<M-0>", "", "", "there are 2 buffers"},
    /* History. */
    {"one<Enter>two<Enter><Up><Up>", "SAY #lobby [one]; SAY #lobby [two]", "one", ""},
    {"one<Enter>draft<Up><Down>", "SAY #lobby [one]", "draft", ""},
    {"one<Enter>draft<Up><Down>s<Up><Down>", "SAY #lobby [one]", "drafts", ""},
    {"one<Enter><Up><Up><Enter>", "SAY #lobby [one]; SAY #lobby [one]", "", ""},
    {"one<Enter>one<Enter><Up><Up>", "SAY #lobby [one]; SAY #lobby [one]", "one", ""},
    {"one<Enter>dr<Up><C-_>", "SAY #lobby [one]", "dr", ""},
    {"one<Enter>two<Enter>x<C-r>on<Enter>", "SAY #lobby [one]; SAY #lobby [two]", "one", ""},
    {"one<Enter>x<C-r>on<Escape>", "SAY #lobby [one]", "x", ""},
    {"one<Enter>x<C-r>on<C-e>!", "SAY #lobby [one]", "one!", ""},
    {"/nick eve<Enter><Up>", "NICK [eve]", "/nick eve", ""},
    /* Completion. */
    {"b<Tab>", "", "bob: ", ""},
    {"hi b<Tab>", "", "hi bob ", ""},
    {"c<Tab>", "", "Cy: ", ""},
    {"@b<Tab>", "", "@bob ", ""},
    {"hi @<Tab><Tab>", "", "hi @Cy ", ""},
    {"mail me@b<Tab>", "", "mail me@b", ""},
    {"<Tab>", "", "bob: ", ""},
    {"<Tab><Tab>", "", "Cy: ", ""},
    {"<Tab><Tab><Tab>", "", "bob: ", ""},
    {"<Tab><S-Tab>", "", "Cy: ", ""},
    {"zz<Tab>", "", "zz", ""},
    {"a<Tab>", "", "a", ""},
    {"/to<Tab>", "", "/topic ", ""},
    {"/help to<Tab>", "", "/help topic ", ""},
    {"/help k<Tab>", "", "/help keys ", ""},
    {"/help k<Tab><Tab>", "", "/help kick ", ""},
    {"/help /to<Tab>", "", "/help /topic ", ""},
    {"/join #l<Tab>", "", "/join #lobby ", ""},
    {"/buffer la<Tab>", "", "/buffer lab.local ", ""},
    {"/buffer lo<Tab>", "", "/buffer #lobby ", ""},
    {"/buffer l<Tab><Tab>", "", "/buffer #lobby ", ""},
    {"/join LO<Tab>", "", "/join #lobby ", ""},
    {"in lo<Tab>", "", "in lo", ""},
    {"in #l<Tab>", "", "in #lobby ", ""},
    {"/msg b<Tab>", "", "/msg bob ", ""},
    {"b<Tab><C-_>", "", "b", ""},
    {"b<Tab>x<Tab>", "", "bob: x", ""},
    /* Clearing. */
    {"one<C-c>", "", "", ""},
    {"one<C-c><C-_>", "", "one", ""},
    {"<C-c>", "", "", "C-c again leaves"},
    {"<C-c><C-c>", "QUIT", "", ""},
    {"<C-c>x<C-c><C-c>", "", "", "C-c again leaves"},
};

static void test_entered(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(entered) / sizeof(entered[0]); i++) {
        struct model *model = lobby_model();
        lobby_press(model, entered[i].keys);
        char *intents = lobby_intents(model);
        const char *draft = editor_text(model->current->draft, NULL);
        const char *hint = entered[i].hint;
        bool hinted = *hint ? strstr(model->hint.data, hint) != NULL : model->hint.len == 0;
        if (strcmp(intents, entered[i].intents) != 0 || strcmp(draft, entered[i].draft) != 0 ||
            !hinted)
            fail_msg("%s: intents %s, draft \"%s\", hint \"%s\"", entered[i].keys, intents, draft,
                     model->hint.data);
        free(intents);
        model_free(model);
    }
}

static void test_effects(void **state)
{
    (void)state;
    static const struct {
        const char *keys;
        unsigned effects;
    } cases[] = {
        {"<C-l>", EFFECT_REDRAW},
        {"<C-z>", EFFECT_SUSPEND},
        {"<C-c><C-c>", EFFECT_LEAVE},
        {"/quit<Enter>", EFFECT_LEAVE},
        {"/reconnect<Enter>", EFFECT_RETRY | EFFECT_DISCONNECT},
        {"/disconnect<Enter>", EFFECT_DISCONNECT},
        {"<F5>", 0},
        {"x<C-c><C-c>", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct model *model = lobby_model();
        lobby_press(model, cases[i].keys);
        assert_int_equal(model_take_effects(model), cases[i].effects);
        assert_int_equal(model_take_effects(model), 0);
        model_free(model);
    }
    struct model *model = lobby_model();
    traffic_offline(model, 0, 5000, "gone");
    lobby_press(model, "<F5>/reconnect<Enter>");
    assert_int_equal(model_take_effects(model), EFFECT_RETRY);
    model_free(model);
}

/* C-c takes back what was not sent yet, and nothing else. */
static void test_stopped(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model_find(model, "#lobby");
    lobby_press(model, "one<M-Enter>two<M-Enter><M-Enter>three<Enter>");
    struct intent first;
    assert_true(model_take_intent(model, &first));
    lobby_press(model, "/nick eve<Enter><C-c>");
    assert_string_equal(editor_text(lobby->draft, NULL), "two\nthree");
    assert_string_equal(model->hint.data, "stopped: 2 lines are not sent, and back here");
    assert_int_equal(lobby->pending, 1);
    char *left = lobby_intents(model);
    assert_string_equal(left, "NICK [eve]");
    free(left);
    intent_release(&first);
    model_free(model);
}

static void test_counted(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    char text[1001];
    memset(text, 'x', 1000);
    text[1000] = '\0';
    lobby_paste(model, text);
    assert_int_equal(speech_count(model), 1);
    traffic_message_bytes(model, 400);
    assert_int_equal(speech_count(model), 3);
    lobby_press(model, "<M-Enter><M-Enter>end");
    assert_int_equal(speech_count(model), 4);
    model_free(model);
}

static void test_bounds(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model->current;
    lobby_press(model, "waits<Enter>");
    for (int i = 0; i < BUFFER_LINES_MAX + 10; i++)
        lobby_hear(model, lobby, "bob", "x");
    model_check(model);
    assert_int_equal(buffer_line_count(lobby), BUFFER_LINES_MAX);
    assert_int_equal(lobby->pending, 1);
    /* The queue of intents: what does not fit stays in the line, whole. */
    for (int i = 1; i < INTENTS_MAX - 1; i++)
        lobby_press(model, "x<Enter>");
    lobby_paste(model, "one\ntwo");
    lobby_press(model, "<Enter>");
    assert_string_equal(editor_text(lobby->draft, NULL), "one\ntwo");
    assert_non_null(strstr(model->hint.data, "wait"));
    lobby_press(model, "<C-w><Backspace><Enter>");
    assert_true(editor_empty(lobby->draft));
    lobby_press(model, "/nick eve<Enter>");
    assert_string_equal(editor_text(lobby->draft, NULL), "/nick eve");
    /* Buffers: what would be one too many is the server's. */
    char name[32];
    for (int i = 0; i < BUFFERS_MAX + 5; i++) {
        snprintf(name, sizeof(name), "#room%d", i);
        lobby_room(model, name);
    }
    assert_int_equal(model->buffer_count, BUFFERS_MAX);
    assert_ptr_equal(traffic_buffer(model, BUFFER_PERSON, "eve"), model->buffers[0]);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entered), cmocka_unit_test(test_effects),
        cmocka_unit_test(test_stopped), cmocka_unit_test(test_counted),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
