using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>A lab on which examples/http-reciprocal/run.ps1 was run once by the shell, as the demo does.</summary>
public sealed class ExampleRun : ExampleLab
{
    private readonly Lazy<Task<ProcessResult>> _grpc;

    /// <summary>Prepares the runs.</summary>
    public ExampleRun()
        : base("http-reciprocal", "http-reciprocal-hello") =>
        _grpc = new(() => RunGrpcAsync($"-PinConnections -LabPath '{Lab.Path}'"));

    /// <summary>What the first run printed and how it ended.</summary>
    public ProcessResult First { get; private set; } = null!;

    /// <summary>The first run of examples/grpc-reciprocal, which comes beside the other.</summary>
    public Task<ProcessResult> FirstGrpcAsync() => _grpc.Value;

    /// <summary>Runs examples/grpc-reciprocal on the lab.</summary>
    public Task<ProcessResult> RunGrpcAsync(string more = "") =>
        RunAsync(more, "grpc-reciprocal", ConnectIn("grpc-reciprocal-hello"));

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        First = await RunAsync();
    }
}
