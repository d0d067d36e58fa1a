# Completion of snug and snugd in fish, from what each of them says of itself at --help.

# What follows the words before it that are no options.
function __snug_operand # __snug_operand HELP WORDS-BEFORE...
    # What can be done instead of serving: a line each, below WHAT.
    set -l tools (printf '%s\n' $argv[1] | sed -nE '/^  WHAT /,/^  [^ ]/ s/^ {20,}([a-z]+)[^:]*: (.*)/\1\t\2/p')
    for word in $argv[2..]
        string match -q -- "$word"\t'*' $tools
        or continue
        test $word = backup
        and __fish_complete_path (commandline -ct)
        return
    end
    printf '%s\n' $tools
end

function __snug_offer
    set -l words (commandline -opc)
    set -l help ($words[1] --help 2>/dev/null)
    set -l option (string escape --style=regex -- $words[-1])
    set -l value (string match -rg -- "^  $option ([^ ]+)" $help)
    switch "$value"
        case FILE
            __fish_complete_path (commandline -ct)
        case DIR
            __fish_complete_directories (commandline -ct)
        case '*|*'
            string split '|' -- $value
        case ''
            if string match -q -- '-*' (commandline -ct)
                string replace -rf '^  (--[a-z0-9-]+)(?:,? [^ ]+)*?(?: {2,}(.*))?$' '$1\t$2' -- $help
            else
                __snug_operand (string join \n -- $help | string collect) $words[2..]
            end
    end
end

complete -c snug -f -a '(__snug_offer)'
complete -c snugd -f -a '(__snug_offer)'
