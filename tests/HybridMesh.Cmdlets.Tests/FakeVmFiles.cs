using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>VMs in memory that answer the scripts for hosts files and containers as real ones do.</summary>
internal sealed partial class FakeVmFiles
{
    /// <summary>The hosts files by VM name.</summary>
    public ConcurrentDictionary<string, string> Hosts { get; } = [];

    /// <summary>The containers by VM name and container name: image and fingerprint.</summary>
    public ConcurrentDictionary<(string Vm, string Name), (string Image, string Script, string Spec)> Containers { get; } = [];

    /// <summary>How many writes there were.</summary>
    public int Writes => _writes;

    private int _writes;

    public Task<CommandResult> RunAsync(FakeCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string script = command.StandardInput ?? command.Command;
        if (FakeSidecar.IsAsked(command))
        {
            return Task.FromResult(new FakeSidecar { Service = null }.Answer(script));
        }

        string output = script.Contains("docker podman", StringComparison.Ordinal)
            ? "runtime docker\n" + Containerise(command.Vm.Name, script)
            : WriteOrRead(command.Vm.Name, script);
        return Task.FromResult(new CommandResult(0, output, ""));
    }

    private string WriteOrRead(string vm, string script)
    {
        string content = Hosts.GetOrAdd(vm, "127.0.0.1 localhost\n");
        StringBuilder output = new();
        if (Value(script, "next") is { } next)
        {
            Interlocked.Increment(ref _writes);
            content = Hosts[vm] = Encoding.Latin1.GetString(Convert.FromBase64String(next));
            output.Append("HybridMesh\nwritten renamed\n");
        }

        output.Append("sum s\nfile ").Append(Convert.ToBase64String(Encoding.Latin1.GetBytes(content))).Append('\n');
        foreach (string name in (Value(script, "names") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string line in content.Split('\n').Where(line => !line.StartsWith('#') && line.Contains(name, StringComparison.Ordinal)))
            {
                output.Append("resolves ").Append(name).Append(' ').Append(line.Split(' ')[0]).Append('\n');
            }
        }

        return output.ToString();
    }

    private string Containerise(string vm, string script)
    {
        string? name = Value(script, "name");
        if (name is null)
        {
            return Json([.. Containers.Where(item => item.Key.Vm == vm)]);
        }

        if (script.Contains("run stop", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _writes);
            Containers.TryRemove((vm, name), out _);
            return "";
        }

        if (Value(script, "image") is { } image)
        {
            Interlocked.Increment(ref _writes);
            Containers[(vm, name)] = (image, script, SpecPattern().Match(script).Groups[1].Value);
        }

        return Json([.. Containers.Where(item => item.Key == (vm, name))]);
    }

    private static string Json(KeyValuePair<(string Vm, string Name), (string Image, string Script, string Spec)>[] items) =>
        JsonSerializer.Serialize(items.Select(item => new
        {
            Id = item.Value.Spec,
            Name = "/" + item.Key.Name,
            State = new { Status = "running", Running = true, ExitCode = 0, StartedAt = "2026-01-01T00:00:00Z" },
            Config = new
            {
                item.Value.Image,
                Env = Array.Empty<string>(),
                Labels = new Dictionary<string, string>
                {
                    ["hybridmesh.app"] = item.Key.Name,
                    ["hybridmesh.spec"] = item.Value.Spec,
                    ["hybridmesh.env"] = "",
                },
            },
        }));

    private static string? Value(string script, string name) =>
        Regex.Match(script, $"^{name}='([^']*)'$", RegexOptions.Multiline) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("hybridmesh.spec=([0-9A-Fa-f]+)")]
    private static partial Regex SpecPattern();
}
