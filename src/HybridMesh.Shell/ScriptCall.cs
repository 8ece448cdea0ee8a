using System.Management.Automation.Language;
using System.Text;
using System.Text.RegularExpressions;

namespace HybridMesh.Shell;

/// <summary>
/// The statement that calls a script with what follows it on the command line, as pwsh -File reads that.
/// </summary>
internal static partial class ScriptCall
{
    /// <summary>
    /// <c>-Name value</c>, <c>-Switch</c>, <c>-Switch:$false</c>, <c>-Name:value</c> and plain values.
    /// </summary>
    public static string Of(string path, IEnumerable<string> arguments)
    {
        StringBuilder call = new($"& {Quote(path)}");
        foreach (string argument in arguments)
        {
            Match named = Named().Match(argument);
            call.Append(' ').Append(!named.Success ? Quote(argument)
                // A name alone leaves it to the binder whether what follows is its value.
                : !named.Groups["value"].Success ? argument
                : named.Groups["name"].Value + ":" + Value(named.Groups["value"].Value));
        }

        return call.ToString();
    }

    private static string Value(string text) =>
        text.ToLowerInvariant() is "$true" or "$false" ? text : Quote(text);

    private static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    [GeneratedRegex(
        @"^(?<name>-[A-Za-z_]\w*)(:(?<value>.*))?$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
