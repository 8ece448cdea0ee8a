using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HybridMesh.Core;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace HybridMesh.Ssh;

/// <summary>Decides about the host key one VM shows. There is no way around it.</summary>
internal sealed class HostKeyCheck
{
    private readonly MeshVm _vm;
    private readonly HostKeyPolicy _policy;
    private readonly string _file;
    private readonly KnownHosts _known;

    public HostKeyCheck(MeshVm vm, HostKeyPolicy policy)
    {
        _vm = vm;
        _policy = policy;
        _file = SshFolder.Expand(vm.KnownHostsFile) ?? SshFolder.KnownHosts;
        _known = KnownHosts.Read(
            vm.KnownHostsFile is null ? [_file, _file + "2", SshFolder.SystemKnownHosts] : [_file]);
    }

    /// <summary>Why the key was refused; null when it was not, or not yet.</summary>
    public MeshException? Refusal { get; private set; }

    /// <summary>
    /// Asks for the key types on file first, as ssh does, so that a host with several shows one we know.
    /// </summary>
    public void Prefer(ConnectionInfo connection)
    {
        // A host's certificate is checked against @cert-authority lines, which are not read yet: ask for plain keys.
        foreach (string name in connection.HostKeyAlgorithms.Keys
            .Where(name => name.Contains("-cert-", StringComparison.Ordinal)).ToList())
        {
            connection.HostKeyAlgorithms.Remove(name);
        }

        int position = 0;
        foreach (string name in _known.KeyTypes(_vm.SshHost, _vm.SshPort).SelectMany(AlgorithmsOf))
        {
            if (connection.HostKeyAlgorithms.ContainsKey(name))
            {
                connection.HostKeyAlgorithms.SetPosition(name, position++);
            }
        }
    }

    /// <summary>Judges the key; to be hung on HostKeyReceived.</summary>
    public void OnHostKeyReceived(object? sender, HostKeyEventArgs e)
    {
        e.CanTrust = false;
        Refusal = Judge(e.HostKey);
        e.CanTrust = Refusal is null;
    }

    private MeshException? Judge(byte[] key)
    {
        (KeyStanding standing, KnownHostsLine? line) = _known.Judge(_vm.SshHost, _vm.SshPort, key);
        if (standing == KeyStanding.Unknown && _policy == HostKeyPolicy.AcceptNew)
        {
            try
            {
                standing = KnownHostsFile.Add(_file, _vm.SshHost, _vm.SshPort, TypeOf(key), key);
                line = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new MeshException(
                    MeshErrorCode.HostKeyUnknown,
                    $"The host key of VM {_vm} is new and can't be added to '{_file}': {e.Message}",
                    _vm,
                    e);
            }
        }

        return standing switch
        {
            KeyStanding.Known => null,
            KeyStanding.Unknown => Unknown(key),
            KeyStanding.Revoked => Revoked(key, line),
            _ => Changed(key, line),
        };
    }

    private MeshException Unknown(byte[] key) => new(
        MeshErrorCode.HostKeyUnknown,
        $"The host key of VM {_vm} at {_vm.SshHost} port {_vm.SshPort} is not in '{_file}'. It shows "
            + $"{Fingerprint(key)}. "
        + "Compare that with what the VM itself says (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then run "
        + "again with -HostKeyPolicy AcceptNew, or add the key yourself: "
        + string.Create(CultureInfo.InvariantCulture, $"ssh-keyscan -p {_vm.SshPort} {_vm.SshHost} >> '{_file}'."),
        _vm);

    private MeshException Changed(byte[] key, KnownHostsLine? line) => new(
        MeshErrorCode.HostKeyMismatch,
        $"The host key of VM {_vm} at {_vm.SshHost} port {_vm.SshPort} is not the one in {Where(line)}. It now shows "
        + $"{Fingerprint(key)}: the VM was set up anew, or someone sits in between. Only if you know it was set up "
        + $"anew, forget the old key: ssh-keygen -R '{KnownHosts.LookupName(_vm.SshHost, _vm.SshPort)}' -f "
        + $"'{line?.File ?? _file}'.",
        _vm);

    private MeshException Revoked(byte[] key, KnownHostsLine? line) => new(
        MeshErrorCode.HostKeyMismatch,
        $"The host key of VM {_vm} at {_vm.SshHost} port {_vm.SshPort}, {Fingerprint(key)}, is marked @revoked in "
        + $"{Where(line)}. Give the VM a new host key.",
        _vm);

    private string Where(KnownHostsLine? line) => line is null
        ? $"'{_file}'"
        : string.Create(CultureInfo.InvariantCulture, $"'{line.File}' line {line.Number}");

    private static string Fingerprint(byte[] key) =>
        $"{TypeOf(key)} SHA256:{Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=')}";

    // The first string of a key blob is its type (RFC 4253, 6.6).
    private static string TypeOf(byte[] key)
    {
        int length = key.Length < 4 ? 0 : BinaryPrimitives.ReadInt32BigEndian(key);
        return length > 0 && length <= key.Length - 4 ? Encoding.ASCII.GetString(key, 4, length) : "unknown";
    }

    private static IEnumerable<string> AlgorithmsOf(string keyType) =>
        keyType == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [keyType];
}
