import java.io.BufferedReader;
import java.io.File;
import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.RuleId;

/**
 * Asks veraPDF about one file after another. A line in is {@code flavour TAB path}; lines out are
 * {@code rule TAB clause TAB test TAB times TAB message TAB place} for each broken rule, then
 * {@code passed}, {@code broken} or {@code error TAB message}.
 */
public final class VeraCheck {
    private final PrintStream answers;

    private VeraCheck(PrintStream answers) {
        this.answers = answers;
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(
            new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        VeraCheck check = new VeraCheck(answers);
        BufferedReader questions = new BufferedReader(
            new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String[] question = line.split("\t", 2);
            try {
                answers.println(check.passes(question[0], new File(question[1])) ? "passed" : "broken");
            } catch (Exception | StackOverflowError | OutOfMemoryError failure) {
                check.say("error", failure.toString());
            }
        }
    }

    private boolean passes(String name, File file) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(name);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("veraPDF knows no flavour " + name);
        }
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator =
                    Foundries.defaultInstance().createValidator(flavour, -1, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            tell(result);
            return result.isCompliant();
        }
    }

    private void tell(ValidationResult result) {
        Map<String, TestAssertion> first = new HashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                first.putIfAbsent(key(assertion.getRuleId()), assertion);
            }
        }
        Map<String, String[]> rules = new TreeMap<>();
        result.getFailedChecks().forEach((rule, times) -> {
            TestAssertion assertion = first.get(key(rule));
            rules.put(key(rule), new String[] {
                "rule", rule.getClause(), String.valueOf(rule.getTestNumber()), String.valueOf(times),
                assertion == null ? "" : assertion.getErrorMessage(),
                assertion == null ? "" : assertion.getLocation().getContext()});
        });
        rules.values().forEach(this::say);
    }

    private static String key(RuleId rule) {
        return rule.getClause() + "/" + rule.getTestNumber();
    }

    private void say(String... fields) {
        StringBuilder line = new StringBuilder();
        for (String field : fields) {
            line.append(line.length() == 0 ? "" : "\t").append(String.valueOf(field).replaceAll("\\s+", " "));
        }
        answers.println(line);
    }
}
