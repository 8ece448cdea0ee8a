using System.Collections.Generic;

namespace HybridMesh.Core.Tests;

public sealed class VmAppInputTests
{
    private static readonly MeshVm Vm = new() { Name = "vm1", Address = "10.0.0.1" };

    private static readonly VmAppRequest Good = new()
    {
        Namespace = "ns",
        ServiceName = "svc",
        Ports = [new MeshPort("http", 8001)],
        Vms = [Vm],
    };

    public static TheoryData<VmAppRequest, MeshErrorCode, string> Bad => new()
    {
        { Good with { ServiceName = "Svc" }, MeshErrorCode.ArgumentInvalid, "Svc" },
        { Good with { ServiceName = new string('s', 64) }, MeshErrorCode.ArgumentInvalid, "63" },
        { Good with { ServiceName = "svc\n" }, MeshErrorCode.ArgumentInvalid, "svc" },
        { Good with { Namespace = "n.s" }, MeshErrorCode.ArgumentInvalid, "n.s" },
        { Good with { Ports = [] }, MeshErrorCode.PortInvalid, "http:8001" },
        { Good with { Ports = [new("http", 1), new("grpc", 1)] }, MeshErrorCode.PortInvalid, "http:1, grpc:1" },
        { Good with { Vms = [] }, MeshErrorCode.ArgumentInvalid, "No VM" },
        { Good with { Labels = Map("app", "ends-with.") }, MeshErrorCode.ArgumentInvalid, "ends-with." },
        { Good with { Labels = Map("app", new string('a', 64)) }, MeshErrorCode.ArgumentInvalid, "63" },
        { Good with { Labels = Map("a/b/c", "x") }, MeshErrorCode.ArgumentInvalid, "a/b/c" },
        { Good with { Labels = Map("version", "v1") }, MeshErrorCode.ArgumentInvalid, "Set-WorkloadEntryVersion" },
        { Good with { Annotations = Map("not a key", "x") }, MeshErrorCode.ArgumentInvalid, "not a key" },
        { Good with { Vms = [Vm with { Address = "vm1.example.com" }] }, MeshErrorCode.ArgumentInvalid, "vm1.example.com" },
        { Good with { Vms = [Vm with { Address = "fe80::1" }] }, MeshErrorCode.ArgumentInvalid, "fe80::1" },
        { Good with { Vms = [Vm with { Address = "10.1" }] }, MeshErrorCode.ArgumentInvalid, "10.1" },
        { Good with { Vms = [Vm with { Version = "v1", Labels = Map("version", "v2") }] }, MeshErrorCode.ArgumentInvalid, "v2" },
        { Good with { Vms = [Vm, Vm with { Name = "vm2" }] }, MeshErrorCode.Ambiguous, "'vm1' (10.0.0.1) and 'vm2'" },
        {
            Good with { ServiceAccount = "a", Vms = [Vm with { ServiceAccount = "b" }] }, MeshErrorCode.ArgumentInvalid,
            "'a' and VM 'vm1' (10.0.0.1) 'b'"
        },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Check_WhatCantBeWritten_IsNamed(VmAppRequest request, MeshErrorCode code, string named)
    {
        MeshException error = Assert.Throws<MeshException>(() => VmAppInput.Check(request));

        Assert.Equal(code, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WithoutLabels_SelectsByTheServicesName() =>
        Assert.Equal(Map("app", "svc"), VmAppInput.Check(Good).Selector);

    [Fact]
    public void Check_LabelsOfTheVm_AreAddedAndWin_TheVersionStandsApart()
    {
        MeshVm vm = Vm with
        {
            Labels = new Dictionary<string, string> { ["tier"] = "edge", ["zone"] = "a", ["version"] = "v3" },
        };
        VmAppInput input = VmAppInput.Check(Good with
        {
            Labels = new Dictionary<string, string> { ["app"] = "x", ["tier"] = "core" },
            Vms = [vm],
        });

        EntryInput entry = Assert.Single(input.Entries);
        Assert.Equal(
            new Dictionary<string, string> { ["app"] = "x", ["tier"] = "edge", ["zone"] = "a" }, entry.Labels);
        Assert.Equal("v3", entry.Version);
        Assert.Equal("core", input.Selector["tier"]);
    }

    [Fact]
    public void Check_OneAddressInTwoNetworks_IsFine() => Assert.Equal(
        2, VmAppInput.Check(Good with { Vms = [Vm with { Network = "a" }, Vm with { Network = "b" }] }).Entries.Count);

    private static Dictionary<string, string> Map(string key, string value) => new() { [key] = value };
}
