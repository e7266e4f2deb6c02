"""Usuários e grupos, na aparência do resto do admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import admin as do_django
from django.contrib.auth.models import Group, User
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from ecommerce.administracao.enderecos import SoOOferecido

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(do_django.UserAdmin, SoOOferecido):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(do_django.GroupAdmin, SoOOferecido):
    pass
