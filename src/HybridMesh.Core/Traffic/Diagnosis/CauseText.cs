namespace HybridMesh.Core;

/// <summary>Parts of the lines that causes give.</summary>
internal static class CauseText
{
    /// <summary>The parameter that names the namespace, with a space before it.</summary>
    public static string Namespace(SplitEvidence evidence) =>
        evidence.Namespace is { } ns ? $" -Namespace {Word(ns)}" : "";

    /// <summary>The parameter that names a host's service, with a space before it.</summary>
    public static string Service(SplitEvidence evidence, RouteHost? host = null) =>
        (host ?? (evidence.Mesh is { Arms: [SplitArm first, ..] } ? first.Destination.Host : null)) is { } found
            ? $" -ServiceName {Word(found.ServiceName ?? found.ShortName)}" : "";

    /// <summary>A merge patch of one object by kubectl.</summary>
    public static string Patch(SplitEvidence evidence, string kind, string name, string patch) =>
        $"kubectl -n {Word(evidence.Namespace ?? "default")} patch {kind} {Word(name)} --type merge -p "
            + PowerShellText.Quote(patch);

    /// <summary>A word of a command line, quoted where it has to be.</summary>
    public static string Word(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '/' or ':')
            ? text : PowerShellText.Quote(text);
}
