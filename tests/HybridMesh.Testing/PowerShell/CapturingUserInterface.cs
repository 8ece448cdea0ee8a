using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace HybridMesh.Testing;

/// <summary>The user interface of <see cref="CapturingHost"/>. Streams are left to the engine, which collects them.</summary>
internal sealed partial class CapturingUserInterface : PSHostUserInterface
{
    private readonly StringBuilder _text = new();

    public Func<string, int>? Choose { get; set; }

    public override PSHostRawUserInterface RawUI { get; } = new CapturingRawUserInterface();

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public string TakeText()
    {
        lock (_text)
        {
            string text = _text.ToString();
            _text.Clear();
            return text;
        }
    }

    public override void Write(string value)
    {
        lock (_text)
        {
            _text.Append(Colour().Replace(value, ""));
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + "\n");

    public override void WriteErrorLine(string value) => WriteLine(value);

    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Choose is { } choose ? choose($"{caption}\n{message}") : throw Nobody();

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) => throw Nobody();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName) => throw Nobody();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw Nobody();

    public override string ReadLine() => throw Nobody();

    public override SecureString ReadLineAsSecureString() => throw Nobody();

    // Tables carry colours even when $PSStyle says PlainText.
    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colour();

    private static HostException Nobody() => new("Nobody is there to answer.");
}
