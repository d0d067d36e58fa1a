#include "client/session/timestamp.h"

#include <stdio.h>
#include <time.h>

int64_t timestamp_parse(const char *text)
{
    struct tm tm = {0};
    int ms = 0, n = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &tm.tm_year, &tm.tm_mon,
                           &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &ms);
    if (n < 6 || tm.tm_year < 1970)
        return 0;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    time_t seconds = timegm(&tm);
    return seconds > 0 ? (int64_t)seconds * 1000 + ms : 0;
}

void timestamp_write(char out[TIMESTAMP_BYTES], int64_t time_ms)
{
    struct tm tm;
    time_t seconds = (time_t)(time_ms / 1000);
    char day[TIMESTAMP_BYTES / 2];
    if (!gmtime_r(&seconds, &tm) || strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
        day[0] = '\0';
    snprintf(out, TIMESTAMP_BYTES, "timestamp=%s.%03dZ", day, (int)(time_ms % 1000));
}
