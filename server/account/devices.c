/* The devices of an account: the certificates that prove it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"
#include "server/account/internal.h"

enum {
    SEEN_EVERY_MS = 60 * 60 * 1000, /* as exactly is it kept on disk when a device came last */
};

bool device_is_certificate(const char *text)
{
    return strlen(text) == ACCOUNT_CERTIFICATE_DIGITS &&
           strspn(text, "0123456789abcdef") == ACCOUNT_CERTIFICATE_DIGITS;
}

void device_release(struct device *device)
{
    free(device->from);
    free(device->label);
    device->from = device->label = NULL;
}

void device_release_all(struct account *account)
{
    for (size_t i = 0; i < account->device_count; i++)
        device_release(&account->devices[i]);
    free(account->devices);
}

/* A copy of its own; a label is one short line. */
static struct device copy_of(const struct device *device)
{
    struct device copy = *device;
    const char *label = device->label ? device->label : "";
    struct str shown;
    str_init(&shown, 4 * DEVICE_LABEL_BYTES);
    text_harmless(&shown, label, text_cut_bytes(label, strlen(label), DEVICE_LABEL_BYTES));
    copy.label = str_detach(&shown);
    copy.from = xstrdup(device->from && *device->from ? device->from : "*");
    return copy;
}

bool device_append(struct account *account, const struct device *device)
{
    if (account->device_count == ACCOUNT_DEVICES)
        return false;
    account->devices = xreallocarray(account->devices, account->device_count + 1, sizeof *device);
    account->devices[account->device_count++] = copy_of(device);
    return true;
}

const struct device *account_device(const struct account *account, const char *certificate)
{
    for (size_t i = 0; i < account->device_count; i++) {
        if (strcmp(account->devices[i].certificate, certificate) == 0)
            return &account->devices[i];
    }
    return NULL;
}

/* The keys of the table of certificates lie in the account's devices. */
static void unlist(struct accounts *accounts, const struct account *account)
{
    for (size_t i = 0; i < account->device_count; i++)
        table_remove(&accounts->by_certificate, account->devices[i].certificate,
                     ACCOUNT_CERTIFICATE_DIGITS);
}

static void list(struct accounts *accounts, struct account *account)
{
    for (size_t i = 0; i < account->device_count; i++)
        table_put(&accounts->by_certificate, account->devices[i].certificate,
                  ACCOUNT_CERTIFICATE_DIGITS, account);
}

bool accounts_add_device(struct accounts *accounts, const struct account *account,
                         const struct device *device)
{
    struct account *own = accounts_own(accounts, account);
    if (!device_is_certificate(device->certificate) ||
        accounts_of_certificate(accounts, device->certificate))
        return false;
    unlist(accounts, own);
    bool added = device_append(own, device);
    list(accounts, own);
    return added;
}

bool accounts_remove_device(struct accounts *accounts, const struct account *account,
                            const char *certificate, struct device *removed)
{
    struct account *own = accounts_own(accounts, account);
    const struct device *device = account_device(own, certificate);
    if (!device)
        return false;
    size_t at = (size_t)(device - own->devices);
    unlist(accounts, own);
    codes_forget(&accounts->codes, own->key); /* which that device may have been shown */
    *removed = *device;
    own->device_count--;
    memmove(&own->devices[at], &own->devices[at + 1], (own->device_count - at) * sizeof *device);
    list(accounts, own);
    return true;
}

bool accounts_saw_device(struct accounts *accounts, const struct account *account,
                         const char *certificate, const char *from, int64_t now_ms)
{
    struct account *own = accounts_own(accounts, account);
    const struct device *known = account_device(own, certificate);
    if (!known)
        return false;
    struct device *device = &own->devices[known - own->devices];
    bool keep = now_ms - device->seen_ms >= SEEN_EVERY_MS || strcmp(device->from, from) != 0;
    free(device->from);
    device->from = xstrdup(from);
    device->seen_ms = now_ms;
    return keep;
}

void device_write(const struct device *device, struct str *out)
{
    str_addf(out, "%s %" PRId64 " %" PRId64 " %s %s", device->certificate, device->added_ms,
             device->seen_ms, device->from, device->label);
}

/* A certificate alone is one of before devices were counted: as old as the account. */
bool device_read(struct device *device, const char *text, int64_t made_ms)
{
    *device = (struct device){.added_ms = made_ms};
    size_t len = strcspn(text, " ");
    if (len != ACCOUNT_CERTIFICATE_DIGITS)
        return false;
    memcpy(device->certificate, text, len);
    if (!device_is_certificate(device->certificate))
        return false;
    char *at = (char *)text + len;
    if (*at == '\0')
        return true;
    device->added_ms = strtoll(at, &at, 10);
    device->seen_ms = strtoll(at, &at, 10);
    at += *at == ' ';
    len = strcspn(at, " ");
    device->from = xmemdup0(at, len);
    device->label = xstrdup(at + len + (at[len] == ' '));
    return true;
}
