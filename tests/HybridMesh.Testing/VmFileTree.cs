using System.Globalization;

namespace HybridMesh.Testing;

/// <summary>
/// What lies on a VM's disk: a line per file, folder and link with mode, owner, size and target, for plain files also
/// their content's digest, so that two moments can be compared.
/// </summary>
public static class VmFileTree
{
    // Left out: what is on no disk or empties itself (/proc, /sys, /dev, /run, /tmp), logs and caches, and the container
    // stand-in's own store. /usr and /opt are the host's, seen through the VM's overlay: three levels of them are looked
    // at, and there the size and the time of the last change stand for the bytes.
    private const string Script = """
        set -e
        cd /
        find . -maxdepth 1 ! -name tmp -printf '%p %y%m %U:%G %l\n'
        find boot opt usr -xdev -maxdepth 3 -path usr/local -prune -o -type f -printf '%p %m %U:%G %s %T@\n' \
          -o -printf '%p %y%m %U:%G %l\n'
        find etc home mnt root srv var usr/local -xdev \
          \( -path var/log -o -path var/cache -o -path var/tmp -o -path var/lib/hybridmesh-docker \
          -o -path root/.dotnet \) -prune -o -type f -printf '%p %m %U:%G\n' -exec sha256sum {} + -o -printf '%p %y%m %U:%G %l\n'
        """;

    /// <summary>Reads the tree of a VM.</summary>
    public static async Task<IReadOnlySet<string>> ReadAsync(LabVm vm) =>
        (await LabFixture.RunOnVmAsync(vm, Script)).Text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);

    /// <summary>The differences, readable: <c>+ line</c> and <c>- line</c>.</summary>
    public static string Difference(IReadOnlySet<string> before, IReadOnlySet<string> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return string.Join('\n', after.Except(before).Select(line => $"+ {line}")
            .Concat(before.Except(after).Select(line => $"- {line}")).Order(StringComparer.Ordinal)
            .Select(line => line.ToString(CultureInfo.InvariantCulture)));
    }
}
