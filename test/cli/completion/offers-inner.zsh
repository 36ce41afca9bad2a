# The part of offers.zsh that runs inside of the interactive shell.
autoload -Uz compinit && compinit -D -u
source $script
: > $out

# Stands before the builtin, and notes the words that are added.
compadd() {
  local -a added shown
  local suffix= name= i
  # -O, -A and -D only ask what would match.
  if ((! ${@[(I)-[OAD]]})); then
    ((i = ${@[(I)-(|q)S]})) && suffix=$@[i+1]
    ((i = ${@[(I)-(l|)d]})) && name=$@[i+1]
    builtin compadd -A added "$@"
    if [[ -n $name ]]; then
      shown=("${(@P)name}")
      builtin compadd -D shown "$@"
    fi
    for ((i = 1; i <= $#added; i++)); do
      print -r -- $number$'\t'$IPREFIX${(Q)added[i]}$suffix$'\t'$shown[i] >> $out
    done
  fi
  builtin compadd "$@"
}

# Shows none of it: of a long list zsh would ask whether to.
show-nothing() {
  compstate[list]=
}

zle-line-init() {
  for ((number = 0; number < $#lines; number++)); do
    BUFFER=$lines[number+1]
    CURSOR=$#BUFFER
    comppostfuncs=(show-nothing)
    zle list-choices
  done
  BUFFER=exit
  zle accept-line
}
zle -N zle-line-init
