using System.Globalization;
using System.Management.Automation.Host;

namespace HybridMesh.Shell;

/// <summary>The engine's host: this process and its terminal.</summary>
internal sealed class ShellHost(ShellUserInterface ui) : PSHost
{
    /// <summary>The code of <c>exit N</c>; null while nobody has said exit.</summary>
    public int? ExitCode { get; private set; }

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "HybridMesh.Shell";

    public override PSHostUserInterface UI => ui;

    public override Version Version => typeof(ShellHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() =>
        throw new HostException("HybridMesh.Shell has no nested prompt; answer with one of the other choices.");

    public override void ExitNestedPrompt()
    {
    }

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
