source /usr/share/nexora/shell/fish
