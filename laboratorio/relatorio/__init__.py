"""Do que se mediu ao texto, aos gráficos e à página."""
