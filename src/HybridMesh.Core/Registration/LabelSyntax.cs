using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>Kubernetes' rules for names and labels, so that a wrong one is told before anything is written.</summary>
internal static partial class LabelSyntax
{
    private const int MaxLength = 63;
    private const int MaxNameLength = 253;

    /// <summary>Checks a label, naming who carries it.</summary>
    public static void CheckLabel(string key, string value, string owner, object? target)
    {
        CheckKey(key, "label", owner, target);
        if (value.Length > MaxLength || !Value().IsMatch(value))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"Label {key}='{value}' of {owner} is no label value: at most {MaxLength} letters, digits, '-', '_' "
                + "and '.', beginning and ending with a letter or digit.",
                target);
        }
    }

    /// <summary>Checks the key of a label or annotation: an optional DNS prefix, a slash, a name.</summary>
    public static void CheckKey(string key, string what, string owner, object? target)
    {
        string[] parts = key.Split('/');
        bool valid = parts.Length <= 2 && parts[^1].Length is > 0 and <= MaxLength && Value().IsMatch(parts[^1])
            && (parts.Length == 1 || (parts[0].Length is > 0 and <= MaxNameLength && Subdomain().IsMatch(parts[0])));
        if (!valid)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"'{key}' of {owner} is no {what} name, such as app or example.com/app.",
                target);
        }
    }

    /// <summary>Checks the name of a service or namespace: one DNS label.</summary>
    public static void CheckDnsLabel(string name, string what)
    {
        if (name.Length is 0 or > MaxLength || !DnsLabel().IsMatch(name))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"{what} '{name}' is no DNS label: 1 to {MaxLength} lower-case letters, digits and '-', beginning and "
                + "ending with a letter or digit.",
                name);
        }
    }

    /// <summary>Checks the name of an object: DNS labels with dots between.</summary>
    public static void CheckObjectName(string name, string what)
    {
        if (name.Length is 0 or > MaxNameLength || !Subdomain().IsMatch(name))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"{what} '{name}' is no object name: 1 to {MaxNameLength} lower-case letters, digits, '-' and '.'.",
                name);
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DnsLabel();

    [GeneratedRegex(
        @"\A[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Value();
}
