#compdef snug snugd
# Completion of snug and snugd in zsh, from what each of them says of itself at --help.

local line value says in_what
local -a specs tools
for line in ${(f)"$(_call_program options $words[1] --help 2>/dev/null)"}; do
    if [[ $line =~ '^  (--[a-z0-9-]+)(, -[a-z])?( ([^ ]+))?(  +(.*))?$' ]]; then
        value=$match[4] says=${${match[6]//\[/(}//\]/)}
        case $value in
        '') value='' ;;
        FILE) value=:file:_files ;;
        DIR) value=':directory:_files -/' ;;
        *'|'*) value=":value:(${value//|/ })" ;;
        *) value=":${value//:/\\:}: " ;;
        esac
        specs+=("*$match[1][$says]$value")
    elif [[ $line == '  WHAT '* ]]; then
        in_what=yes # a line for each thing that can be done instead of serving
    elif [[ $line == '  '[^\ ]* ]]; then
        in_what=
    elif [[ -n $in_what && $line =~ '^ {20,}([a-z]+)[^:]*: (.*)' ]]; then
        tools+=("$match[1]:$match[2]")
    fi
done
_snug_tool() {
    (( $#tools )) && _describe tool tools
}
_snug_argument() {
    [[ -n $words[(r)backup] ]] && _files
}
_arguments $specs '1:what:_snug_tool' '*:argument:_snug_argument'
