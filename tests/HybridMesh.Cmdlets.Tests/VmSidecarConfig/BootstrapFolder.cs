namespace HybridMesh.Cmdlets.Tests;

/// <summary>A folder with the inputs of bootstrap files, written for one test.</summary>
internal sealed class BootstrapFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("hybridmesh-config-").FullName;

    /// <summary>The inputs that need no cluster.</summary>
    public const string Offline =
        "-MeshConfigPath $dir/meshconfig.yaml -RootCertPath $dir/ca.pem -TokenPath $dir/token -ClusterId Kubernetes";

    public string Output => Path.Combine(_path, "out");

    public override string ToString() => _path;

    /// <summary>Writes a group, the mesh's configuration, a certificate and a token.</summary>
    public BootstrapFolder With(string group, string mesh, string ca = "fake-CA-cert", string token = "") =>
        File("workloadgroup.yaml", group).File("meshconfig.yaml", mesh).File("ca.pem", ca).File("token", token);

    public BootstrapFolder File(string name, string text)
    {
        System.IO.File.WriteAllText(Path.Combine(_path, name), text);
        return this;
    }

    public string Read(params string[] names) => System.IO.File.ReadAllText(Path.Combine([Output, .. names]));

    public string Full(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
