"""Usuários e grupos, na aparência do resto do admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import admin as do_django
from django.contrib.auth.models import Group, User
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(do_django.UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(do_django.GroupAdmin, ModelAdmin):
    pass
