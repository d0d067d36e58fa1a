#include "server/door/irc/timestamp.h"

#include <stdio.h>
#include <time.h>

/* The end of the year 9999: the form has no place for more digits. */
static const int64_t last_ms = INT64_C(253402300799999);

void irc_timestamp_write(char text[IRC_TIMESTAMP_BYTES], int64_t time_ms)
{
    time_ms = time_ms < 0 ? 0 : time_ms > last_ms ? last_ms : time_ms;
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    char date[sizeof "2026-11-20T09:41:00"];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text, IRC_TIMESTAMP_BYTES, "%s.%03dZ", date, (int)(time_ms % 1000));
}

static bool has_form(const char *text, const char *form)
{
    for (; *form; form++, text++) {
        bool fits = *form == '0' ? *text >= '0' && *text <= '9' : *text == *form;
        if (!fits)
            return false;
    }
    return *text == '\0';
}

/* Whether its month has that day: timegm() goes on into the next one. */
static bool has_day(const struct tm *parts)
{
    struct tm day = {.tm_year = parts->tm_year, .tm_mon = parts->tm_mon, .tm_mday = parts->tm_mday};
    timegm(&day);
    return day.tm_mday == parts->tm_mday;
}

bool irc_timestamp_read(const char *text, int64_t *time_ms)
{
    if (!has_form(text, "0000-00-00T00:00:00.000Z"))
        return false;
    struct tm parts = {0};
    int ms;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
               &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &ms) != 7)
        return false;
    if (parts.tm_mon < 1 || parts.tm_mon > 12 || parts.tm_mday < 1 || parts.tm_mday > 31 ||
        parts.tm_hour > 23 || parts.tm_min > 59 || parts.tm_sec > 60)
        return false;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    if (!has_day(&parts))
        return false;
    *time_ms = (int64_t)timegm(&parts) * 1000 + ms;
    if (*time_ms < 1)
        *time_ms = 1; /* 0 is no time */
    return true;
}
