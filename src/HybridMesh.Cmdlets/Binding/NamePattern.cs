using System.Management.Automation;
using System.Net;

namespace HybridMesh.Cmdlets;

/// <summary>Tests made of what users type as names, wildcards included.</summary>
internal static class NamePattern
{
    /// <summary>
    /// A test that passes what one of the patterns matches; null, which passes everything, without patterns.
    /// </summary>
    public static Func<string, bool>? Any(string[]? patterns)
    {
        if (patterns is not { Length: > 0 })
        {
            return null;
        }

        WildcardPattern[] compiled =
            [.. patterns.Select(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase))];
        return name => compiled.Any(pattern => pattern.IsMatch(name));
    }

    /// <summary>As <see cref="Any"/>, for IP addresses, which have more than one spelling.</summary>
    public static Func<string, bool>? AnyAddress(string[]? patterns)
    {
        IPAddress?[] addresses =
            [.. Literals(patterns).Select(text => IPAddress.TryParse(text, out IPAddress? address) ? address : null)];
        return Any(patterns) is { } matches
            ? text => matches(text) || (IPAddress.TryParse(text, out IPAddress? it) && addresses.Contains(it))
            : null;
    }

    /// <summary>The patterns that are plain names, so that finding nothing is an error.</summary>
    public static IEnumerable<string> Literals(string[]? patterns) =>
        (patterns ?? []).Where(pattern => !WildcardPattern.ContainsWildcardCharacters(pattern));
}
