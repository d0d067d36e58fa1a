# Completion of the options of snug and snugd, as each of them lists its own.
_snug() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
    case $prev in
    --config | --motd | --tls-cert | --tls-key)
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return
        ;;
    --data)
        mapfile -t COMPREPLY < <(compgen -d -- "$cur")
        return
        ;;
    esac
    [[ $cur == -* ]] || return
    mapfile -t COMPREPLY < <(compgen -W "$("$1" --help 2>/dev/null |
        grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+')" -- "$cur")
}
complete -o filenames -F _snug snug snugd
