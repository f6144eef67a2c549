" As in /etc/vim/vimrc.local: no indenting that the user did not ask for.
filetype plugin indent off
set noautoindent
