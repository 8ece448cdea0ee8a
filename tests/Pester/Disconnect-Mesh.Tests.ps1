BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Disconnect-Mesh' {
    It 'closes the connection that is piped in' {
        $connection = Connect-TestMesh

        $connection | Disconnect-Mesh

        { Get-MeshPod -Connection $connection -ErrorAction Stop } | Should -Throw -ErrorId 'NotConnected,*'
    }

    It 'is no error when nothing is connected' {
        Disconnect-Mesh
        { Disconnect-Mesh -ErrorAction Stop } | Should -Not -Throw
    }
}
