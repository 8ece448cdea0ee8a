BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Connect-Mesh' {
    AfterEach { Disconnect-Mesh }

    It 'connects to the lab with its mesh id and ASM endpoint' {
        $lab = Get-TestLab

        $connection = Connect-Mesh -Lab -LabPath $lab.Path -Namespace pester -PassThru

        $connection | Should -BeOfType ([HybridMesh.Core.MeshConnection])
        $connection.MeshId | Should -Be $lab.MeshId
        $connection.AsmEndpoint | Should -Be ([uri] $lab.AsmEndpoint)
        $connection.DataPlane.Reachable, $connection.ControlPlane.Reachable | Should -Be $true, $true
        $connection.SingleCluster | Should -BeFalse
        $connection.IstioKinds | Should -Contain 'WorkloadEntry v1'
    }

    It 'connects by two kubeconfigs, relative to the location' {
        $lab = Get-TestLab
        Push-Location (Split-Path $lab.Kubeconfig)
        try {
            $connection = Connect-Mesh (Split-Path $lab.Kubeconfig -Leaf) -MeshKubeconfig $lab.MeshKubeconfig -PassThru
        }
        finally { Pop-Location }

        $connection.ControlPlane.Server | Should -Not -Be $connection.DataPlane.Server
    }

    It 'fetches the control plane by the mesh id' {
        $lab = Get-TestLab
        $env:ALIBABA_CLOUD_ACCESS_KEY_ID = $lab.AccessKeyId
        $env:ALIBABA_CLOUD_ACCESS_KEY_SECRET = $lab.AccessKeySecret
        try {
            $connection = Connect-Mesh $lab.Kubeconfig -MeshId $lab.MeshId -Region $lab.Region -AsmEndpoint $lab.AsmEndpoint -PassThru
        }
        finally { $env:ALIBABA_CLOUD_ACCESS_KEY_ID = $env:ALIBABA_CLOUD_ACCESS_KEY_SECRET = $null }

        $connection.ControlPlane.Reachable | Should -BeTrue
        $connection.SingleCluster | Should -BeFalse
    }

    It 'writes nothing without -PassThru' {
        Connect-Mesh -Lab -LabPath (Get-TestLab).Path | Should -BeNullOrEmpty
    }

    It 'lists the contexts when the one asked for is missing' {
        { Connect-Mesh (Get-TestLab).Kubeconfig -Context prod -ErrorAction Stop } |
            Should -Throw "*no context 'prod'. It has: *" -ErrorId 'KubeconfigInvalid,HybridMesh.Cmdlets.ConnectMeshCommand'
    }

    It 'names the remedy when no lab is running' {
        { Connect-Mesh -Lab -LabPath (Join-Path $TestDrive none) -ErrorAction Stop } |
            Should -Throw '*Start-MeshLab*' -ErrorId 'LabNotRunning,*'
    }
}
