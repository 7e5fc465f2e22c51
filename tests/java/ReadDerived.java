import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Read topics to their ends as a Java service would, and print each record as a line of JSON, decimals as text.
 *
 * <p>Arguments: bootstrap servers, the registry's URL, topics. Nothing here is of the application: the schema of each
 * value comes from the registry, by the id that stands before it.
 */
public class ReadDerived {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final GenericData DATA = new GenericData();
    private static final Map<Integer, GenericDatumReader<Object>> READERS = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        DATA.addLogicalTypeConversion(new Conversions.DecimalConversion());
        DATA.addLogicalTypeConversion(new TimeConversions.DateConversion());
        Map<String, Object> config = Map.of(
            "bootstrap.servers", arguments[0],
            "isolation.level", "read_committed",
            "enable.auto.commit", false,
            "key.deserializer", ByteArrayDeserializer.class,
            "value.deserializer", ByteArrayDeserializer.class);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : Arrays.asList(arguments).subList(2, arguments.length)) {
                consumer.partitionsFor(topic).forEach(each -> partitions.add(new TopicPartition(topic, each.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    print(record, arguments[1]);
                }
            }
        }
    }

    private static void print(ConsumerRecord<byte[], byte[]> record, String registry) throws Exception {
        ByteBuffer framed = ByteBuffer.wrap(record.value());
        if (framed.get() != 0) {
            throw new IllegalStateException("not framed with the id of a schema: " + record);
        }
        int id = framed.getInt();
        if (!READERS.containsKey(id)) {
            READERS.put(id, reader(registry, id));
        }
        var decoder = DecoderFactory.get().binaryDecoder(record.value(), 5, record.value().length - 5, null);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("topic", record.topic());
        line.put("partition", record.partition());
        line.put("offset", record.offset());
        line.put("value", plain(READERS.get(id).read(null, decoder)));
        if (!decoder.isEnd()) {
            throw new IllegalStateException("bytes are left after the value: " + record);
        }
        System.out.println(JSON.writeValueAsString(line));
    }

    private static GenericDatumReader<Object> reader(String registry, int id) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id)).build();
        String answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
        Schema schema = new Schema.Parser().parse(JSON.readTree(answer).get("schema").asText());
        return new GenericDatumReader<>(schema, schema, DATA);
    }

    private static Object plain(Object value) {
        if (value instanceof IndexedRecord record) {
            Map<String, Object> fields = new LinkedHashMap<>();
            record.getSchema().getFields().forEach(field -> fields.put(field.name(), plain(record.get(field.pos()))));
            return fields;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ReadDerived::plain).toList();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value instanceof CharSequence || value instanceof LocalDate ? value.toString() : value;
    }
}
