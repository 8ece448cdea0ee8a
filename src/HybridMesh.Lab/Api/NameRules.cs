using System.Text.RegularExpressions;

namespace HybridMesh.Lab;

/// <summary>What names and labels may look like; each method gives the errors.</summary>
internal static partial class NameRules
{
    private const string LabelText =
        "a valid label must be empty, or letters, digits, '-', '_' and '.' that begin and end with a letter or digit";

    private const string QualifiedText =
        "name part takes letters, digits, '-', '_' and '.', and begins and ends with a letter or digit";

    private const string SubdomainText =
        "a lowercase RFC 1123 subdomain takes a-z, 0-9 and '-' in parts joined by '.', and each part begins and ends "
        + "with a-z or 0-9";

    private const string Label1123Text =
        "a lowercase RFC 1123 label takes a-z, 0-9 and '-', and begins and ends with a-z or 0-9";

    private const string Label1035Text =
        "a DNS-1035 label takes a-z, 0-9 and '-', begins with a-z, and ends with a-z or 0-9";

    public static IEnumerable<string> Subdomain(string name) =>
        Check(name, 253, SubdomainPattern(), SubdomainText);

    public static IEnumerable<string> Label1123(string name) => Check(name, 63, Label1123Pattern(), Label1123Text);

    public static IEnumerable<string> Label1035(string name) => Check(name, 63, Label1035Pattern(), Label1035Text);

    public static IEnumerable<string> LabelValue(string value) => Check(value, 63, LabelPattern(), LabelText);

    public static IEnumerable<string> LabelKey(string key)
    {
        string[] parts = key.Split('/');
        if (parts.Length > 2)
        {
            return ["a label key has one '/' at most, between a DNS subdomain and the name"];
        }

        IEnumerable<string> prefix = parts.Length < 2 ? []
            : parts[0].Length == 0 ? ["prefix part must be non-empty"]
            : Subdomain(parts[0]).Select(error => "prefix part " + error);
        string name = parts[^1];
        IEnumerable<string> own = name.Length == 0
            ? ["name part must be non-empty"]
            : Check(name, 63, QualifiedPattern(), QualifiedText).Select(
                error => error.StartsWith("must be", StringComparison.Ordinal) ? "name part " + error : error);
        return prefix.Concat(own);
    }

    private static IEnumerable<string> Check(string text, int most, Regex pattern, string rule)
    {
        if (text.Length > most)
        {
            yield return $"must be no more than {most} bytes";
        }

        if (!pattern.IsMatch(text))
        {
            yield return rule;
        }
    }

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex QualifiedPattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label1123Pattern();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label1035Pattern();
}
