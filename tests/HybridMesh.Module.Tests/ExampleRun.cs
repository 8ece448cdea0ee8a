using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>A lab on which examples/http-reciprocal/run.ps1 was run once by the shell, as the demo does.</summary>
public sealed class ExampleRun() : ExampleLab("http-reciprocal", "http-reciprocal-hello")
{
    /// <summary>What the first run printed and how it ended.</summary>
    public ProcessResult First { get; private set; } = null!;

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        First = await RunAsync();
    }
}
