# Writes what zsh offers for command lines: zsh -f offers.zsh SCRIPT LINES OUT. LINES is a
# file of command lines. OUT gets a line for each offer: the number of the command line, the
# word, and how it is shown, with tabs between. What is typed goes through the line editor of an
# interactive zsh, which wants a terminal: zpty is one.
zmodload zsh/zpty
zpty inner "TERM=dumb COLUMNS=500 zsh -f -i"
zpty -w inner "script=${(q)1} out=${(q)3} lines=(\"\${(@f)\$(<${(q)2})}\"); source ${(q)0:A:h}/offers-inner.zsh"
# Until the inner shell has ended.
while zpty -r inner REPLY; do :; done
