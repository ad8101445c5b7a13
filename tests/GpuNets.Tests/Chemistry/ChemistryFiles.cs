using System.Globalization;
using System.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>Texts of molecules in the formats that are read.</summary>
internal static class ChemistryFiles
{
    /// <summary>A record of QM9 in its raw form (methane; numbers in the style of the original, with its exponents).</summary>
    public const string Methane = """
        5
        gdb 1	157.7118	157.70997	157.70699	0.	13.21	-0.3877	0.1171	0.5048	35.3641	0.044749	-40.47893	-40.476062	-40.475117	-40.498597	6.469
        C	-0.0126981359	 1.0858041578	 0.0080009958	-0.535689
        H	 0.002150416	-0.0060313176	 0.0019761204	 0.133921
        H	 1.0117308433	 1.4637511618	 0.0002765748	 0.133922
        H	-0.540815069	 1.4475266138	-0.8766437152	 0.133923
        H	-0.5238136345	 1.4379326443	 9.063972942*^-1	 0.133923
        1341.307	1341.3284	1341.365	1562.6731	1562.7453	3038.3205	3151.6034	3151.6788	3151.7078
        C	C
        InChI=1S/CH4/h1H4	InChI=1S/CH4/h1H4

        """;

    /// <summary>Ethanol drawn flat, hydrogens left out, as a chemist's editor writes it.</summary>
    public const string Ethanol = """
        ethanol
          drawn   01012600002D

          3  2  0  0  0  0  0  0  0  0999 V2000
            0.0000    0.0000    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
            1.2990    0.7500    0.0000 C   0  0  0  0  0  0  0  0  0  0  0  0
            2.5981    0.0000    0.0000 O   0  0  0  0  0  0  0  0  0  0  0  0
          1  2  1  0
          2  3  1  0
        M  END
        > <CAS>
        64-17-5

        >  25 <note> (1)
        two
        lines

        $$$$

        """;

    /// <summary>A molecule as an SDF record, with its coordinates.</summary>
    public static string Sdf(Molecule molecule)
    {
        var text = new StringBuilder($"{molecule.Name}\n  test    01012600003D\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{molecule.Atoms.Length,3}{molecule.Bonds.Length,3}  0  0  0  0  0  0  0  0999 V2000\n");
        foreach (var atom in molecule.Atoms)
        {
            var p = atom.Position ?? default;
            text.Append(CultureInfo.InvariantCulture, $"{p.X,10:0.0000}{p.Y,10:0.0000}{p.Z,10:0.0000} {atom.Element.Symbol,-3} 0  0  0  0  0  0\n");
        }
        foreach (var (first, second, kind) in molecule.Bonds) text.Append(CultureInfo.InvariantCulture, $"{first + 1,3}{second + 1,3}{(int)kind,3}  0\n");
        for (int i = 0; i < molecule.Atoms.Length; i++)
            if (molecule.Atoms[i].FormalCharge != 0) text.Append(CultureInfo.InvariantCulture, $"M  CHG  1{i + 1,4}{molecule.Atoms[i].FormalCharge,4}\n");
        return text.Append("M  END\n$$$$\n").ToString();
    }

    /// <summary>A molecule as a plain xyz record.</summary>
    public static string Xyz(Molecule molecule) => $"{molecule.Atoms.Length}\n{molecule.Name}\n" + string.Concat(molecule.Atoms.Select(atom =>
        string.Create(CultureInfo.InvariantCulture, $"{atom.Element} {atom.Position!.Value.X} {atom.Position.Value.Y} {atom.Position.Value.Z}\n")));
}
