using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace HybridMesh.Shell;

/// <summary>Questions to the user. Where nobody can answer they fail and say so, instead of waiting for ever.</summary>
internal sealed class Questions(Screen screen, LineReader reader)
{
    public string Ask(string label)
    {
        Demand(label);
        screen.Write(label);
        return reader.Read(masked: false);
    }

    public SecureString AskSecret(string label)
    {
        Demand(label);
        screen.Write(label);
        SecureString secret = new();
        foreach (char letter in reader.Read(masked: true))
        {
            secret.AppendChar(letter);
        }

        secret.MakeReadOnly();
        return secret;
    }

    public PSCredential AskCredential(string caption, string message, string? userName)
    {
        Demand(caption);
        Say(caption, message);
        string user = string.IsNullOrEmpty(userName) ? Ask("User: ") : userName;
        return new PSCredential(user, AskSecret($"Password for user {user}: "));
    }

    public int Choose(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Demand($"{caption} {message}".Trim());
        Say(caption, message);
        string[] keys = [.. choices.Select(choice => Key(choice.Label))];
        string offer = string.Join("  ",
            choices.Select((choice, i) => $"[{keys[i]}] {choice.Label.Replace("&", "", StringComparison.Ordinal)}"));
        string hint = defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\")" : "";
        while (true)
        {
            string answer = Ask($"{offer}{hint}: ").Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            for (int i = 0; i < keys.Length; i++)
            {
                if (answer.Equals(keys[i], StringComparison.OrdinalIgnoreCase)
                    || answer.Equals(
                        choices[i].Label.Replace("&", "", StringComparison.Ordinal),
                        StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }
    }

    public Dictionary<string, PSObject> Fill(string caption, string message, Collection<FieldDescription> fields)
    {
        Demand($"{caption} {message} {string.Join(", ", fields.Select(field => field.Name))}".Trim());
        Say(caption, message);
        return fields.ToDictionary(field => field.Name, Fill, StringComparer.OrdinalIgnoreCase);
    }

    private static string Key(string label)
    {
        int mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? char.ToUpperInvariant(label[mark + 1]).ToString() : label;
    }

    private PSObject Fill(FieldDescription field)
    {
        Type type = LanguagePrimitives.TryConvertTo(field.ParameterTypeFullName, out Type known)
            ? known : typeof(string);
        if (type == typeof(SecureString))
        {
            return PSObject.AsPSObject(AskSecret($"{field.Name}: "));
        }

        if (type == typeof(PSCredential))
        {
            return PSObject.AsPSObject(AskCredential("", "", null));
        }

        object answer = type.IsArray || typeof(IList).IsAssignableFrom(type)
            ? AskList(field.Name) : Ask($"{field.Name}: ");
        return PSObject.AsPSObject(LanguagePrimitives.ConvertTo(answer, type, CultureInfo.InvariantCulture));
    }

    private string[] AskList(string name)
    {
        List<string> items = [];
        while (Ask($"{name}[{items.Count}]: ") is { Length: > 0 } item)
        {
            items.Add(item);
        }

        return [.. items];
    }

    private void Say(string caption, string message)
    {
        foreach (string line in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(line))
            {
                screen.Write(line + Environment.NewLine);
            }
        }
    }

    private void Demand(string what)
    {
        if (!screen.IsInteractive)
        {
            throw new HostException(
                "An answer is needed, but standard input is no terminal: "
                + $"{what.ReplaceLineEndings(" ")}. Pass the missing parameters, or -Confirm:$false.");
        }
    }
}
