from django import forms


class AccountCloseForm(forms.Form):
    is_sure = forms.BooleanField(label="Yes, delete my account for good")
