"""Usuários e grupos, na aparência e na língua do resto do admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as do_django
from django.contrib.auth.models import Group, Permission, User
from django.db.models import ManyToManyField
from django.http import HttpRequest
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from ecommerce.administracao.enderecos import SoOOferecido

_VERBOS = {"add": "criar", "change": "mudar", "delete": "apagar", "view": "ver"}

admin.site.unregister(User)
admin.site.unregister(Group)


class CampoDePermissoes(forms.ModelMultipleChoiceField):
    """As permissões; o nome que o Django lhes dá no banco é em inglês."""

    def label_from_instance(self, obj: Permission) -> str:
        verbo = obj.codename.partition("_")[0]
        return f"{obj.content_type} | {_VERBOS.get(verbo, obj.name)}"


class ComPermissoes(SoOOferecido):
    """Um admin em que se escolhem permissões."""

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        if db_field.remote_field.model is Permission:
            kwargs["form_class"] = CampoDePermissoes
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(do_django.UserAdmin, ComPermissoes):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(do_django.GroupAdmin, ComPermissoes):
    pass
