using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace HybridMesh.Shell;

/// <summary>The engine's streams and questions on the screen.</summary>
internal sealed class ShellUserInterface : PSHostUserInterface
{
    private const string Red = "31;1";
    private const string Yellow = "33;1";

    private readonly Screen _screen;
    private readonly Questions _questions;
    private readonly ProgressLine _progress;

    public ShellUserInterface(Screen screen, Questions questions)
    {
        _screen = screen;
        _questions = questions;
        _progress = new ProgressLine(screen, TimeProvider.System);
        RawUI = new ShellRawUserInterface(screen);
    }

    public override PSHostRawUserInterface RawUI { get; }

    public override bool SupportsVirtualTerminal => _screen.Colours;

    public override void Write(string value) => _screen.Write(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(value);

    public override void WriteLine(string value) => _screen.Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value) => _screen.WriteError(value, Red);

    public override void WriteDebugLine(string message) => _screen.WriteError($"DEBUG: {message}", Yellow);

    public override void WriteVerboseLine(string message) => _screen.WriteError($"VERBOSE: {message}", Yellow);

    public override void WriteWarningLine(string message) => _screen.WriteError($"WARNING: {message}", Yellow);

    public override void WriteProgress(long sourceId, ProgressRecord record) => _progress.Show(record);

    public override string ReadLine() => _questions.Ask("");

    public override SecureString ReadLineAsSecureString() => _questions.AskSecret("");

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        _questions.Choose(caption, message, choices, defaultChoice);

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions) =>
        _questions.Fill(caption, message, descriptions);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName) =>
        _questions.AskCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        _questions.AskCredential(caption, message, userName);
}
