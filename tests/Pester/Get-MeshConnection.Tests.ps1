BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh
}

AfterAll { Disconnect-Mesh }

Describe 'Get-MeshConnection' {
    It "gives the lab's ingress address and ports" {
        $connection = Get-MeshConnection

        $connection.IngressAddress | Should -Be (Get-TestLab).IngressAddress
        $connection.IngressDetail | Should -BeNullOrEmpty
        $connection.Namespace | Should -Be 'pester'
    }

    It 'shows both planes in its table' {
        $text = Get-MeshConnection | Out-String -Width 300

        $text | Should -BeLike '*DataPlane*ControlPlane*'
        $text | Should -BeLike "*$((Get-TestLab).IngressAddress)*"
    }

    It 'becomes JSON without secrets' {
        Get-MeshConnection | ConvertTo-Json -Depth 4 | Should -Not -BeLike "*$((Get-TestLab).AccessKeySecret)*"
    }
}
