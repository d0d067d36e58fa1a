# Completion of snug and snugd, from what each of them says of itself at --help.

# The word that stands for the value of an option there; nothing if it has none.
_snug_value() { # _snug_value HELP OPTION
    [[ $2 =~ ^--[a-z0-9-]+$ ]] && sed -nE "s/^  $2 ([^ ]+).*/\1/p" <<<"$1"
}

# What can be done instead of serving: a line each, below WHAT.
_snug_tools() { # _snug_tools HELP
    sed -nE '/^  WHAT /,/^  [^ ]/ s/^ {20,}([a-z]+).*/\1/p' <<<"$1"
}

_snug_offer() { # _snug_offer WORD COMPGEN'S-ARGUMENTS...
    mapfile -t COMPREPLY < <(compgen "${@:2}" -- "$1")
}

# What follows the words before it that are no options.
_snug_operand() { # _snug_operand HELP WORD WORDS-BEFORE...
    local tools word
    tools=$(_snug_tools "$1")
    for word in "${@:3}"; do
        [[ $'\n'$tools$'\n' == *$'\n'$word$'\n'* ]] || continue
        [[ $word != backup ]] || _snug_offer "$2" -f
        return
    done
    _snug_offer "$2" -W "$tools"
}

_snug() {
    local at=$COMP_CWORD help cur prev value
    cur=${COMP_WORDS[at]}
    help=$("$1" --help 2>/dev/null)
    # bash takes --log=json for three words
    if [[ $cur == = ]]; then
        cur=''
    elif [[ ${COMP_WORDS[at - 1]} == = ]]; then
        at=$((at - 1))
    fi
    prev=${COMP_WORDS[at - 1]}
    value=$(_snug_value "$help" "$prev")
    case $value in
    FILE) _snug_offer "$cur" -f ;;
    DIR) _snug_offer "$cur" -d ;;
    *'|'*) _snug_offer "$cur" -W "${value//|/ }" ;;
    '')
        if [[ $cur == -* ]]; then
            _snug_offer "$cur" -W "$(sed -nE 's/^  (--[a-z0-9-]+).*/\1/p' <<<"$help")"
        else
            _snug_operand "$help" "$cur" "${COMP_WORDS[@]:1:COMP_CWORD-1}"
        fi
        ;;
    esac
}
complete -o filenames -F _snug snug snugd
