# For interactive shells; yours to change.
HISTFILE=~/.zsh_history
HISTSIZE=10000
SAVEHIST=10000
setopt append_history hist_ignore_dups prompt_subst
bindkey -e
autoload -Uz compinit && compinit -d ~/.cache/zcompdump

PS1='%B%F{green}%n@%m%f%b:%B%F{blue}%~%f%b%# '
case $TERM in xterm* | tmux* | screen*) PS1=$'%{\e]0;%n@%m: %~\a%}'$PS1 ;; esac

alias ls='ls --color=auto'
alias grep='grep --color=auto'
