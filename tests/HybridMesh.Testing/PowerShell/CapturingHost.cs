using System.Globalization;
using System.Management.Automation.Host;

namespace HybridMesh.Testing;

/// <summary>A host without a terminal: what is rendered becomes text, and prompts are answered by the test.</summary>
public sealed class CapturingHost : PSHost
{
    private readonly CapturingUserInterface _ui = new();

    /// <summary>Answers PromptForChoice; null means that nobody is there to ask, which fails the prompt.</summary>
    public Func<string, int>? Choose { get => _ui.Choose; set => _ui.Choose = value; }

    /// <summary>The text rendered so far.</summary>
    public string Text => _ui.Text;

    /// <summary>The exit code a script ended with; null when it did not exit.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override string Name => "HybridMesh.Testing";

    /// <inheritdoc/>
    public override PSHostUserInterface UI => _ui;

    /// <inheritdoc/>
    public override Version Version { get; } = new(1, 0);

    /// <summary>The text rendered so far, which is then forgotten.</summary>
    public string TakeText() => _ui.TakeText();

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new NotSupportedException("Tests have no nested prompt.");

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => throw new NotSupportedException("Tests have no nested prompt.");

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
}
