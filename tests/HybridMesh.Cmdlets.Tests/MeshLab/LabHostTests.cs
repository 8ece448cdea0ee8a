using System.Globalization;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>A folder for labs and a runspace that finds the built lab; what a test leaves running ends.</summary>
public abstract class LabHostTests : IDisposable
{
    private readonly List<CmdletHost> _hosts = [];

    protected LabHostTests()
    {
        Folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
        Host = NewHost();
    }

    /// <summary>The lab's folder; <c>$path</c> in scripts.</summary>
    protected string Folder { get; }

    protected CmdletHost Host { get; }

    protected bool LabIsRunning => File.Exists(Path.Combine(Folder, "lab.json"));

    public void Dispose()
    {
        Host.Run("Stop-MeshLab -Path $path");
        _hosts.ForEach(host => host.Dispose());
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Another session of the same user.</summary>
    protected CmdletHost NewHost()
    {
        CmdletHost host = CmdletHost.ForCmdlets(typeof(StartMeshLabCommand).Assembly).With("path", Folder);
        MeshRuntime.For(host.Runspace).Lab.Program = RepositoryFiles.LabProgram;
        _hosts.Add(host);
        return host;
    }

    protected static bool IsAlive(int processId) =>
        Directory.Exists("/proc/" + processId.ToString(CultureInfo.InvariantCulture));
}
