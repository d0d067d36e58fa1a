#include "server/door/plain/telnet.h"

/* RFC 854, "Telnet command structure". */
enum {
    SE = 240,
    ARE_YOU_THERE = 246,
    ERASE_CHARACTER = 247,
    ERASE_LINE = 248,
    SB = 250,
    WILL = 251,
    WONT = 252,
    DO = 253,
    DONT = 254,
    IAC = 255,
};

/* One piece on its way through the filter. */
struct piece {
    char *text;
    size_t len;
    bool asked; /* whether we are there */
};

static void keep(struct telnet *telnet, struct piece *piece, unsigned char byte)
{
    telnet->after_cr = byte == '\r';
    piece->text[piece->len++] = (char)byte;
}

static void on_text(struct telnet *telnet, struct piece *piece, unsigned char byte)
{
    if (byte == IAC)
        telnet->state = TELNET_COMMAND;
    else if (byte != '\0')
        keep(telnet, piece, byte);
    else if (telnet->after_cr)
        keep(telnet, piece, '\n');
}

static void on_command(struct telnet *telnet, struct piece *piece, unsigned char byte)
{
    telnet->state = TELNET_TEXT;
    switch (byte) {
    case IAC:
        keep(telnet, piece, byte);
        break;
    case WILL:
    case WONT:
    case DO:
    case DONT:
        telnet->state = TELNET_OPTION;
        telnet->verb = byte;
        break;
    case SB:
        telnet->state = TELNET_SUB;
        telnet->sub_bytes = 0;
        break;
    case ERASE_CHARACTER:
        keep(telnet, piece, TELNET_ERASE_CHARACTER);
        break;
    case ERASE_LINE:
        keep(telnet, piece, TELNET_ERASE_LINE);
        break;
    case ARE_YOU_THERE:
        piece->asked = true;
        break;
    default: /* nothing is to be interrupted or flushed here */
        break;
    }
}

/* Only requests are answered: a refusal of a refusal would go round for ever (RFC 854, rule b). */
static void on_option(struct telnet *telnet, unsigned char option, struct str *reply)
{
    telnet->state = TELNET_TEXT;
    if (telnet->verb != WILL && telnet->verb != DO)
        return;
    unsigned char refusal[] = {IAC, telnet->verb == WILL ? DONT : WONT, option};
    str_add(reply, refusal, sizeof refusal);
}

static void on_sub(struct telnet *telnet, unsigned char byte)
{
    if (byte == IAC)
        telnet->state = TELNET_SUB_IAC;
    else if (++telnet->sub_bytes > TELNET_SUBNEGOTIATION_BYTES)
        telnet->state = TELNET_TEXT;
}

static void on_sub_iac(struct telnet *telnet, struct piece *piece, unsigned char byte)
{
    if (byte == SE)
        telnet->state = TELNET_TEXT;
    else if (byte == IAC)
        telnet->state = TELNET_SUB;
    else
        on_command(telnet, piece, byte); /* its end was lost */
}

size_t telnet_filter(struct telnet *telnet, char *bytes, size_t len, struct str *reply)
{
    struct piece piece = {.text = bytes};
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        switch (telnet->state) {
        case TELNET_TEXT:
            on_text(telnet, &piece, byte);
            break;
        case TELNET_COMMAND:
            on_command(telnet, &piece, byte);
            break;
        case TELNET_OPTION:
            on_option(telnet, byte, reply);
            break;
        case TELNET_SUB:
            on_sub(telnet, byte);
            break;
        case TELNET_SUB_IAC:
            on_sub_iac(telnet, &piece, byte);
            break;
        }
    }
    if (piece.asked)
        str_adds(reply, "Yes, here.\r\n");
    return piece.len;
}
